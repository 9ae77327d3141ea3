"""What one training step calls, and the memory in which it runs: for each number of steps and sequences a program."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.backends._steps import Stack
from archsearch.backends.native.backward_layout import BackwardLayout
from archsearch.backends.native.kernels import REALS, kernels
from archsearch.backends.native.layout import KEPT, OUTPUT, WORK, ForwardLayout, Shape, parameter_blocks
from archsearch.backends.native.tables import CallTable, LayerTable, ModelTable, ProgramTable, pointers
from archsearch.ir.projection import projected

Arrays = Mapping[str, NDArray[Any]]

_ALIGNMENT = 64
"""Bytes: of the widest vectors."""


class Programs:
    """Programs by number of steps and sequences, and the arrays in which they run, large enough for any of them.

    `longest`: steps of the longest sequence; `batch`: sequences of a training batch, `most` of an inference.
    """

    def __init__(
        self, stack: Stack, parameters: Arrays, gradients: Arrays, longest: int, batch: int, most: int, dtype: str
    ) -> None:
        self._stack, self._parameters, self._gradients, self._dtype = stack, parameters, gradients, dtype
        self._kernels = [
            kernels(str(projected(stack.ir, size, stack.hidden_size)), REALS[dtype]) for size in stack.inputs
        ]
        self._arrays: dict[str, NDArray[Any]] = {}
        self._made: dict[tuple[int, int, bool], ProgramTable] = {}
        self._used: list[object] = []  # what programs hold the addresses of
        self._add_arrays(longest * max(batch, most), max(batch, most))
        for number in range(stack.layers):
            inference = self._forward(number, longest, most, False)
            training = self._forward(number, longest, batch, True), self._backward(number, longest, batch)
            for layout in (inference, *training):
                for block in (WORK, KEPT, OUTPUT):
                    self._add(_array(block, number), layout.filled[block])

    def of(self, time: int, batch: int, keep: bool) -> ProgramTable:
        """The program for `batch` sequences of `time` steps; `keep`: what the way back reads."""
        key = time, batch, keep
        if key not in self._made:
            layers = [self._layer(number, time, batch, keep) for number in range(self._stack.layers)]
            table = (LayerTable * len(layers))(*layers)
            self._used.append(table)
            self._made[key] = ProgramTable(time, batch, ctypes.addressof(table))
        return self._made[key]

    def tell(self, model: ModelTable) -> None:
        """Write the addresses of what inputs and head use into the model."""
        for name in _MODEL_ARRAYS:
            setattr(model, name, self._address(name))

    def _add_arrays(self, rows: int, sequences: int) -> None:
        stack, lanes = self._stack, self._kernels[0].lanes
        hidden, outputs = stack.hidden_size, stack.output_size
        width, output_width = (-(-size // lanes) * lanes for size in (hidden, outputs))
        sizes = {
            "x": rows * stack.input_size,
            "read": rows * width,
            "d_read": rows * width,
            "output": rows * output_width,
            "packed": hidden * output_width,
            "packed_back": outputs * width,
            "packed_bias": output_width,
            "d_packed": outputs * width,
            "unused": sequences * hidden,
        }
        for name in [f"{kind} {number}" for number in range(stack.layers) for kind in ("out", "d_out")]:
            sizes[name] = rows * hidden
        for name, size in sizes.items():
            self._add(name, size)
        for state in stack.ir.states:
            self._add(f"first {state.name}", sequences * hidden)[:] = state.initial
        for name in ("row", "place"):
            self._arrays[name] = np.zeros(rows, dtype=np.int64)

    def _add(self, name: str, count: int) -> NDArray[Any]:
        """An array of at least `count` numbers."""
        if name not in self._arrays or count > len(self._arrays[name]):
            self._arrays[name] = aligned(count, self._dtype)
        return self._arrays[name]

    def _address(self, name: str) -> int:
        return self._arrays[name].ctypes.data

    def _forward(self, number: int, time: int, batch: int, keep: bool) -> ForwardLayout:
        return self._kernels[number].forward_layout(self._shape(number, time, batch), ((0, batch),), keep)

    def _backward(self, number: int, time: int, batch: int) -> BackwardLayout:
        given = (True, *(False for _ in self._stack.ir.states))  # adjoints: of the outputs, not of last states
        return self._kernels[number].backward_layout(self._shape(number, time, batch), ((0, batch),), number > 0, given)

    def _shape(self, number: int, time: int, batch: int) -> Shape:
        stack = self._stack
        return self._kernels[number].shape((time, batch, stack.inputs[number]), stack.hidden_size)

    def _layer(self, number: int, time: int, batch: int, keep: bool) -> LayerTable:
        kernel, forward = self._kernels[number], self._forward(number, time, batch, keep)
        before = batch * forward.shape.width * forward.shape.itemsize if kernel.plan.output_state is not None else 0
        layer = LayerTable(
            x=self._address(f"out {number - 1}" if number else "x"),
            y=self._address(f"sequence {number}") + before,  # the state before the first step stands first
            stride=forward.shape.width,
            d_out=self._address(f"d_out {number}"),
        )
        if number + 1 < self._stack.layers or (number and self._stack.connection == "sum"):
            layer.out = self._address(f"out {number}")
        memory = [0, layer.x, *(self._address(_array(block, number)) for block in (WORK, KEPT, OUTPUT))]
        names = [f"layers.{number}.{name}" for name in parameter_blocks(kernel.plan, forward.shape)]
        parameters = [self._parameters[name].ctypes.data for name in names]
        states = self._stack.ir.states
        first = [self._address(f"first {state.name}") for state in states]
        unused = [self._address("unused") for _ in states]
        blocks = [*memory, *first, *unused, *parameters]
        layer.forward = self._call(kernel.forward, forward, forward.places, blocks, keep)
        if keep:
            backward = self._backward(number, time, batch)
            incoming = [layer.d_out, *(0 for _ in states)]
            outgoing = [self._address(f"d_out {number - 1}") if number else 0, *unused]
            gradients = [self._gradients[name].ctypes.data for name in names]
            blocks = [*memory, *incoming, *parameters, *outgoing, *gradients]
            layer.backward = self._call(kernel.backward, backward, backward.places[0], blocks, keep)
        return layer

    def _call(
        self,
        kernel: ctypes.c_void_p,
        layout: ForwardLayout | BackwardLayout,
        places: Sequence[tuple[int, int]],
        blocks: list[int],
        keep: bool,
    ) -> CallTable:
        ((scratch, offset),) = layout.scratch
        base = pointers(blocks)
        table = (ctypes.c_long * (2 * len(places)))(*(number for place in places for number in place))
        self._used += [layout, base, table]
        return CallTable(
            kernel=kernel,
            size=ctypes.addressof(layout.size),
            before=ctypes.addressof(layout.before),
            after=ctypes.addressof(layout.after),
            packs=ctypes.addressof(layout.packs),
            places=ctypes.addressof(table),
            base=ctypes.addressof(base),
            scratch=blocks[scratch] + offset,
            befores=len(layout.before),
            afters=len(layout.after),
            pack_count=len(layout.packs),
            arrays=len(places),
            batch=layout.shape.batch,
            chunk=layout.chunk,
            keep=keep,
        )


_MODEL_ARRAYS = (
    *("x", "row", "place", "read", "d_read", "output"),
    *("packed", "packed_back", "packed_bias", "d_packed"),
)


def aligned(count: int, dtype: str) -> NDArray[Any]:
    """Zeros that begin where vectors may."""
    size = np.dtype(dtype).itemsize
    block = np.zeros(count * size + _ALIGNMENT, dtype=np.uint8)
    start = -block.ctypes.data % _ALIGNMENT
    return block[start : start + count * size].view(dtype)


def _array(block: int, number: int) -> str:
    """The array of a block of memory: one for the work of all layers; what is kept is each layer's own."""
    return "work" if block == WORK else f"{'kept' if block == KEPT else 'sequence'} {number}"
