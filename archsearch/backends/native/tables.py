"""The tables that tell the shared kernels what to do: counterparts of the structures in arrays.c, threads.c, step.c."""

from __future__ import annotations

import ctypes
import dataclasses
from collections.abc import Sequence


class Size(ctypes.Structure):
    """Sizes of one call; `width` is hidden and `input_width` is input, rounded up to whole vectors."""

    _fields_ = [(name, ctypes.c_long) for name in ("time", "batch", "input", "input_width", "hidden", "width")]


@dataclasses.dataclass(frozen=True)
class BlockOffset:
    """A block of memory, by its number among a call's, and the number of the value in it."""

    block: int
    offset: int = 0


class Move(ctypes.Structure):
    """Rows copied or added from one block to another; columns up to `filled` become 0."""

    _fields_ = [
        (name, ctypes.c_long)
        for name in (
            *("to", "to_offset", "to_stride", "from_", "from_offset", "from_stride"),
            *("rows", "columns", "filled", "add"),
        )
    ]


class Pack(ctypes.Structure):
    """One matrix brought into panels."""

    _fields_ = [
        (name, ctypes.c_long)
        for name in (
            *("to", "to_offset", "from_", "vectors", "total", "first", "count", "before", "depth"),
            *("columns", "row", "column"),
        )
    ]


class Share(ctypes.Structure):
    """One thread's part of a call."""

    _fields_ = [
        ("size", ctypes.c_void_p),
        *((name, ctypes.c_long) for name in ("first", "last", "chunk", "keep")),
        *((name, ctypes.c_void_p) for name in ("array", "scratch", "product", "gradient")),
    ]


class CallTable(ctypes.Structure):
    """One run of a cell's kernel in a training step."""

    _fields_ = [
        *(
            (name, ctypes.c_void_p)
            for name in ("kernel", "size", "before", "after", "packs", "places", "base", "scratch")
        ),
        *((name, ctypes.c_long) for name in ("befores", "afters", "pack_count", "arrays", "batch", "chunk", "keep")),
    ]


class LayerTable(ctypes.Structure):
    """One layer in a training step."""

    _fields_ = [
        *((name, CallTable) for name in ("forward", "backward")),
        *((name, ctypes.c_void_p) for name in ("x", "y")),
        ("stride", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in ("out", "d_out")),
    ]


class ProgramTable(ctypes.Structure):
    """The layers for one number of steps and sequences."""

    _fields_ = [("time", ctypes.c_long), ("batch", ctypes.c_long), ("layers", ctypes.c_void_p)]


class ModelTable(ctypes.Structure):
    """A stack of layers in training."""

    _fields_ = [
        *((name, ctypes.c_long) for name in ("layers", "input", "hidden", "width", "outputs", "output_width")),
        *((name, ctypes.c_long) for name in ("sum", "squared", "optimizer")),
        *((name, ctypes.c_double) for name in ("rate", "clip")),
        ("power", ctypes.c_double * 2),
        ("count", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in ("parameter", "gradient", "mean", "square")),
        *((name, ctypes.c_void_p) for name in ("weight", "bias", "d_weight", "d_bias")),
        *((name, ctypes.c_void_p) for name in ("x", "row", "place", "read", "d_read", "output")),
        *((name, ctypes.c_void_p) for name in ("packed", "packed_back", "packed_bias", "d_packed", "seconds")),
    ]


def copy(to: BlockOffset, to_stride: int, source: BlockOffset, stride: int, rows: int, columns: int) -> Move:
    """Copy `rows` of `columns` values each, and fill what is left of each row's `to_stride` with zeros."""
    return Move(to.block, to.offset, to_stride, source.block, source.offset, stride, rows, columns, to_stride, 0)


def add(to: BlockOffset, to_stride: int, source: BlockOffset, stride: int, rows: int, columns: int) -> Move:
    """Add `rows` of `columns` values each to those at `to`."""
    return Move(to.block, to.offset, to_stride, source.block, source.offset, stride, rows, columns, 0, 1)


def zero(to: BlockOffset, count: int) -> Move:
    """Set `count` values to 0."""
    return Move(to.block, to.offset, 0, to.block, 0, 0, 1, 0, count, 0)


def table_of_moves(moves: Sequence[Move]) -> ctypes.Array[Move]:
    """As the kernel reads them."""
    return (Move * len(moves))(*moves)


def table_of_packs(packs: Sequence[Pack]) -> ctypes.Array[Pack]:
    """As the kernel reads them."""
    return (Pack * len(packs))(*packs)


def pointers(addresses: Sequence[int]) -> ctypes.Array[ctypes.c_void_p]:
    """A C array of pointers; 0 is null."""
    return (ctypes.c_void_p * len(addresses))(*addresses)
