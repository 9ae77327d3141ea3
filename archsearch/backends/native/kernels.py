"""The compiled functions of a cell, and those that all cells share."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Sequence

from archsearch.backends.native.backward_layout import BackwardLayout
from archsearch.backends.native.backward_text import Backward
from archsearch.backends.native.compiler import SOURCES, Form, load_library
from archsearch.backends.native.forward_text import Forward
from archsearch.backends.native.layout import ForwardLayout, Shape
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.tables import Move, Pack, Share
from archsearch.backends.native.text import HEAD
from archsearch.errors import Refused
from archsearch.ir import parse_ir
from archsearch.ir.cost import parameter_shapes

REALS = {"float32": "float", "float64": "double"}
"""The types of C by those of torch."""

OTHERWISE = "use the backend 'reference'"
"""What helps where this backend refuses."""

SHARED = ("product.c", "arrays.c", "threads.c", "philox.c", "step.c")

CELL_OPTIONS = "-O2 -nostdlib -lm"
"""For the functions on vectors; the text of the cell itself asks for -Og."""

_LONG, _POINTER = ctypes.c_long, ctypes.c_void_p


def unsupported(device: str, dtype: str) -> str | None:
    """Why there are no kernels for numbers of this type on this device; None where there are."""
    supported = device == "cpu" and dtype in REALS
    return None if supported else f"runs {' and '.join(REALS)} on the CPU, not {dtype} on {device}"


def refused(reason: str | None) -> Refused:
    """The error of a call that this backend refuses."""
    return Refused(f"the native backend {reason}; {OTHERWISE}")


def render(plan: Plan) -> str:
    """The C text of a cell's kernels: one function forwards, one backwards, both over any sizes."""
    source = str(plan.ir).strip().replace("\n", "\n   ")
    return HEAD.format(title=f"The cell {plan.ir.cell}.", source=source) + Forward(plan).text() + Backward(plan).text()


class Kernels:
    """Forward, backward, moving and packing for one cell and one type of number."""

    def __init__(self, plan: Plan, real: str, form: Form | None = None) -> None:
        self.plan = plan
        shared = shared_library(real, form)
        cell = load_library(render(plan), real, CELL_OPTIONS, form)
        self.product = ctypes.cast(shared.product, _POINTER)
        self.gradient = ctypes.cast(shared.gradient, _POINTER)
        self.move, self.pack = shared.move, shared.pack
        self.move.argtypes = [ctypes.POINTER(Move), _LONG, _POINTER]
        self.pack.argtypes = [ctypes.POINTER(Pack), _LONG, _POINTER]
        self.run_shares = shared.run_shares
        self.run_shares.argtypes = [_POINTER, ctypes.POINTER(Share), _LONG]
        for function in (self.move, self.pack, self.run_shares):
            function.restype = None
        self.forward = ctypes.cast(cell.forward, _POINTER)
        self.backward = ctypes.cast(cell.backward, _POINTER)
        self.lanes = ctypes.c_long.in_dll(shared, "lanes").value
        self.itemsize = 8 if real == "double" else 4
        self.parameter_shapes = functools.lru_cache(maxsize=128)(functools.partial(parameter_shapes, plan.ir))
        self.forward_layout = functools.lru_cache(maxsize=128)(functools.partial(ForwardLayout, plan))
        self.backward_layout = functools.lru_cache(maxsize=128)(functools.partial(BackwardLayout, plan))

    def shape(self, x: Sequence[int], hidden: int) -> Shape:
        """Sizes of a call; x is [time, batch, input]."""
        time, batch, input_size = x
        return Shape(time, batch, input_size, hidden, self.lanes, self.itemsize)


@functools.lru_cache(maxsize=256)
def kernels(ir_text: str, real: str, form: Form | None = None) -> Kernels:
    """The kernels of the cell that `ir_text` spells; built or taken from the cache at the first use."""
    return Kernels(Plan(parse_ir(ir_text)), real, form)


@functools.cache
def shared_library(real: str, form: Form | None) -> ctypes.CDLL:
    """What all cells share: products, arrays in and out, threads."""
    text = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in SHARED)
    return load_library(text, real, "-O3 -lm -pthread", form)
