"""Whole training steps of a stack of layers in C, over one flat block of parameters; no torch.

`step.c` is the same for all cells: it is told here, and in `programs.py`, where everything lies.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from archsearch.backends._steps import Stack
from archsearch.backends.native.kernels import REALS, shared_library
from archsearch.backends.native.programs import Programs, aligned
from archsearch.backends.native.tables import ModelTable

OPTIMIZERS = ("adam", "rmsprop", "sgd")
PARTS = ("inputs", "forward", "head and loss", "backward", "clipping", "optimizer")
"""Of a step, as `step.c` measures them."""


class CompiledSteps:
    """A stack in training: its parameters, the optimizer's memory, and the memory of one batch.

    `initial`: all parameters by the names of `Stack.shapes`. `longest`: the largest number of steps of a sequence;
    `batch`: sequences of a training batch; `most`: sequences that `infer` runs at once. Raises as `kernels`.
    """

    def __init__(
        self,
        stack: Stack,
        initial: Mapping[str, NDArray[Any]],
        longest: int,
        batch: int,
        most: int,
        dtype: Literal["float32", "float64"] = "float32",
    ) -> None:
        self._library = _declared(shared_library(REALS[dtype], None))
        self._lanes = ctypes.c_long.in_dll(self._library, "lanes").value
        self._batch, self._most = batch, most
        self._outputs = stack.output_size
        self._seconds = np.zeros(len(PARTS))
        self._model = self._described(stack)
        self._model.seconds = self._seconds.ctypes.data
        self._blocks = self._lay_out(stack, initial, dtype)
        self._programs = Programs(stack, self.parameters, self.gradients, longest, batch, most, dtype)
        self._programs.tell(self._model)

    @property
    def seconds(self) -> dict[str, float]:
        """See `Steps`."""
        return dict(zip(PARTS, self._seconds.tolist(), strict=True))

    def train(
        self, inputs: NDArray[np.float32], targets: NDArray[Any], mask: NDArray[np.bool_], lengths: Sequence[int]
    ) -> list[float]:
        """See `Steps`."""
        inputs, targets = np.ascontiguousarray(inputs), np.ascontiguousarray(targets)
        mask = np.ascontiguousarray(mask)
        programs = [self._programs.of(length, self._batch, keep=True) for length in lengths]
        losses = np.zeros(len(programs))
        made = self._library.train_steps(
            ctypes.byref(self._model),
            (ctypes.c_void_p * len(programs))(*map(ctypes.addressof, programs)),
            len(programs),
            *(array.ctypes.data for array in (inputs, mask, targets, targets)),  # as classes and as numbers
            mask.shape[1],
            losses.ctypes.data,
        )
        return [float(loss) for loss in losses[:made]]

    def infer(self, inputs: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        """See `Steps`."""
        inputs, mask = np.ascontiguousarray(inputs), np.ascontiguousarray(mask)
        time, count = mask.shape
        outputs = np.zeros((time, count, self._outputs), dtype=np.float32)
        for first in range(0, count, self._most):
            program = self._programs.of(time, min(self._most, count - first), keep=False)
            addresses = inputs.ctypes.data, mask.ctypes.data
            self._library.infer(
                ctypes.byref(self._model), ctypes.byref(program), *addresses, count, first, outputs.ctypes.data
            )
        return outputs

    def _described(self, stack: Stack) -> ModelTable:
        model = ModelTable()
        model.layers, model.input, model.hidden = stack.layers, stack.input_size, stack.hidden_size
        model.outputs = stack.output_size
        model.width, model.output_width = self._whole(stack.hidden_size), self._whole(stack.output_size)
        model.sum, model.squared = stack.connection == "sum", stack.loss == "squared_error"
        model.optimizer = OPTIMIZERS.index(stack.optimizer)
        model.rate, model.clip = stack.learning_rate, stack.clip or 0.0
        model.power[:] = [1.0, 1.0]
        return model

    def _lay_out(self, stack: Stack, initial: Mapping[str, NDArray[Any]], dtype: str) -> list[NDArray[Any]]:
        """Blocks of parameters, gradients and what the optimizer keeps, and views of the first two by name."""
        shapes = stack.shapes
        sizes = [int(np.prod(shape)) for shape in shapes.values()]
        ends = np.cumsum(sizes).tolist()
        self._model.count = self._whole(ends[-1])
        blocks = [aligned(self._model.count, dtype) for _ in range(4)]
        self.parameters, self.gradients = (
            {
                name: block[end - size : end].reshape(shape)
                for (name, shape), size, end in zip(shapes.items(), sizes, ends, strict=True)
            }
            for block in blocks[:2]
        )
        for name, value in self.parameters.items():
            value[:] = initial[name]
        model = self._model
        model.parameter, model.gradient, model.mean, model.square = (block.ctypes.data for block in blocks)
        model.weight, model.bias = (self.parameters[f"head.{name}"].ctypes.data for name in ("weight", "bias"))
        model.d_weight, model.d_bias = (self.gradients[f"head.{name}"].ctypes.data for name in ("weight", "bias"))
        return blocks

    def _whole(self, count: int) -> int:
        return -(-count // self._lanes) * self._lanes


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    long, pointer = ctypes.c_long, ctypes.c_void_p
    library.train_steps.argtypes = [pointer, pointer, long, pointer, pointer, pointer, pointer, long, pointer]
    library.train_steps.restype = long
    library.infer.argtypes = [pointer, pointer, pointer, pointer, long, long, pointer]
    library.infer.restype = None
    return library
