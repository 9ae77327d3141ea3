"""The compiled functions of a cell, and those that all cells share."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Sequence

from archsearch.backends.native.backward_layout import BackwardLayout
from archsearch.backends.native.compiler import SOURCES, Form, load_library
from archsearch.backends.native.layout import ForwardLayout, Shape
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.render import render
from archsearch.backends.native.tables import Move, Pack, Size
from archsearch.ir import parse_ir
from archsearch.ir.cost import parameter_shapes

_LONG, _POINTER = ctypes.c_long, ctypes.c_void_p


class Kernels:
    """Forward, backward, moving and packing for one cell and one type of number."""

    def __init__(self, plan: Plan, real: str, form: Form | None = None) -> None:
        self.plan = plan
        shared = shared_library(real, form)
        cell = load_library(render(plan), real, "-O2", form)
        self.product = ctypes.cast(shared.product, _POINTER)
        self.gradient = ctypes.cast(shared.gradient, _POINTER)
        self.move, self.pack = shared.move, shared.pack
        self.move.argtypes = [ctypes.POINTER(Move), _LONG, _POINTER]
        self.pack.argtypes = [ctypes.POINTER(Pack), _LONG, _POINTER]
        self.forward, self.backward = cell.forward, cell.backward
        self.forward.argtypes = [ctypes.POINTER(Size), *[_LONG] * 4, _POINTER, _POINTER, _POINTER]
        self.backward.argtypes = [ctypes.POINTER(Size), *[_LONG] * 3, *[_POINTER] * 4]
        for function in (self.move, self.pack, self.forward, self.backward):
            function.restype = None
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
    """What all cells share: products, and arrays in and out."""
    text = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in ("product.c", "arrays.c"))
    return load_library(text, real, "-O3", form)
