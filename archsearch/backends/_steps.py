"""Whole training steps outside torch: what a backend that compiles them is told, and what it gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from archsearch.ir import CellIR
from archsearch.ir.cost import parameter_shapes
from archsearch.ir.initial import Values


@dataclasses.dataclass(frozen=True)
class Stack:
    """Layers of one cell, each reading the one below, a linear head, a loss and an optimizer.

    `connection`: what a layer after the first gives on, its output or the sum of its input and output. `clip`: the
    largest norm of the gradient of all parameters, or None.
    """

    ir: CellIR
    input_size: int
    hidden_size: int
    layers: int
    connection: Literal["output", "sum"]
    output_size: int
    loss: Literal["cross_entropy", "squared_error"]
    optimizer: Literal["adam", "rmsprop", "sgd"]
    learning_rate: float
    clip: float | None

    @property
    def inputs(self) -> list[int]:
        """The input size of each layer."""
        return [self.input_size] + [self.hidden_size] * (self.layers - 1)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of all parameters by name, in order."""
        shapes = {
            f"layers.{number}.{name}": shape
            for number, size in enumerate(self.inputs)
            for name, shape in parameter_shapes(self.ir, size, self.hidden_size).items()
        }
        return shapes | {"head.weight": (self.output_size, self.hidden_size), "head.bias": (self.output_size,)}


class Steps(Protocol):
    """A stack in training: its parameters, and what the optimizer keeps."""

    @property
    def parameters(self) -> Mapping[str, NDArray[Any]]:
        """By the names of `Stack.shapes`; they change with every step."""

    @property
    def seconds(self) -> Mapping[str, float]:
        """Spent in steps so far, by part of a step."""

    def train(
        self, inputs: NDArray[np.float32], targets: NDArray[Any], mask: NDArray[np.bool_], lengths: Sequence[int]
    ) -> list[float]:
        """A step with each of the batches that stand beside each other in the arrays [time, batches * batch, ...].

        `lengths`: steps of each batch. -> the losses, up to the first that is not finite; its batch changes nothing.
        """

    def infer(self, inputs: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Outputs [time, sequences, output_size] of inputs [time, sequences, input]; 0 where the mask is false."""


class MakeSteps(Protocol):
    """Makes the steps of a stack."""

    def __call__(self, stack: Stack, values: Values, longest: int, batch: int, most: int) -> Steps:
        """Steps from the parameters `values`, by the names of `Stack.shapes`.

        `longest`: the largest number of steps of a sequence; `batch`: sequences of a training batch; `most`: sequences
        of an inference that run at once.
        """
