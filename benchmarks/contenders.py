"""One training step of a cell, done by archsearch and by others, on the same numbers.

A step is a forward pass, a backward pass and the gradients of all parameters. What others compute is compared with the
reference before anything is timed, outputs and gradients, so that the same cell is timed everywhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from archsearch.backends import build
from archsearch.ir import CellIR
from benchmarks.layouts import Layout

Array = NDArray[np.float32]

TOLERANCE = 1e-4
"""Largest difference from the reference, in units of the largest number compared: float32, sums of thousands."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """Outputs [time, batch, hidden], and gradients by archsearch's names of the parameters."""

    outputs: Array
    gradients: dict[str, Array]


class Contender(Protocol):
    """A training step of one library."""

    def step(self) -> None:
        """Make one step."""

    def answer(self) -> Answer:
        """Outputs and gradients of a step."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """What every contender of a cell is given: input, the outputs' gradient, and the parameters by name."""

    ir: CellIR
    hidden_size: int
    x: Tensor
    dy: Tensor
    parameters: dict[str, Tensor]

    @staticmethod
    def draw(ir: CellIR, steps: int, batch: int, input_size: int, hidden_size: int) -> Problem:
        """The same numbers at every call; initial states are the cell's own."""
        generator = torch.Generator().manual_seed(1)
        layer = build(ir, input_size, hidden_size, "reference", seed=1)
        x = torch.randn(steps, batch, input_size, generator=generator)
        dy = torch.randn(steps, batch, hidden_size, generator=generator)
        return Problem(ir, hidden_size, x, dy, {name: each.detach() for name, each in layer.named_parameters()})


class Layer:
    """A torch module's step: `outputs, state = module(x)`. `layout` names its parameters; None: archsearch's own."""

    def __init__(self, problem: Problem, module: nn.Module, layout: Layout | None = None) -> None:
        self.problem = problem
        self.module = module
        own = dict(module.named_parameters())
        self.layout = {name: (name,) for name in own} if layout is None else layout
        with torch.no_grad():
            for name, rows in stacked(problem, self.layout).items():
                own[name].copy_(rows)
        self.parameters = own

    def step(self) -> None:
        """Forward, backward, gradients into `.grad`."""
        for parameter in self.parameters.values():
            parameter.grad = None
        outputs, _ = self.module(self.problem.x)
        outputs.backward(self.problem.dy)

    def answer(self) -> Answer:
        """Outputs and gradients, by archsearch's names."""
        self.step()
        with torch.no_grad():
            outputs, _ = self.module(self.problem.x)
        found = {}
        for name in self.layout:
            gradient = self.parameters[name].grad
            assert gradient is not None
            found[name] = gradient.numpy()
        return Answer(outputs.numpy(), named(self.problem, self.layout, found))


def stacked(problem: Problem, layout: Layout) -> dict[str, Tensor]:
    """The problem's parameters as the layout stacks them along the first axis."""
    nothing = torch.zeros(problem.hidden_size)
    parts = {name: [problem.parameters.get(block, nothing) for block in blocks] for name, blocks in layout.items()}
    return {name: torch.cat(some) for name, some in parts.items()}


def named(problem: Problem, layout: Layout, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Stacked arrays cut into those of archsearch's parameters."""
    size = problem.hidden_size
    return {
        block: arrays[name][index * size : (index + 1) * size]
        for name, blocks in layout.items()
        for index, block in enumerate(blocks)
        if block
    }


def must_agree(who: str, answer: Answer, truth: Answer) -> None:
    """Raise `SystemExit` unless outputs and gradients are the reference's."""
    if answer.gradients.keys() != truth.gradients.keys():
        raise SystemExit(f"{who}: gradients of {sorted(answer.gradients)}, not of {sorted(truth.gradients)}")
    pairs = {"the outputs": (answer.outputs, truth.outputs)}
    pairs |= {f"the gradient of {name}": (answer.gradients[name], each) for name, each in truth.gradients.items()}
    for what, (ours, theirs) in pairs.items():
        if ours.shape != theirs.shape or np.abs(ours - theirs).max() > TOLERANCE * np.abs(theirs).max():
            raise SystemExit(f"{who}: {what} is not the reference's: this is another cell")
