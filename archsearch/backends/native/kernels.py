"""The compiled functions of a cell, and the product kernel that all cells share."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Sequence

from archsearch.backends.native.compiler import SOURCES, Form, load_library
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.render import render
from archsearch.ir import parse_ir

_LONG, _POINTER = ctypes.c_long, ctypes.c_void_p


class Size(ctypes.Structure):
    """Sizes of one call; `width` is hidden and `input_width` is input, rounded up to whole vectors."""

    _fields_ = [(name, _LONG) for name in ("time", "batch", "input", "input_width", "hidden", "width")]


class Kernels:
    """Forward, backward and packing for one cell and one type of number."""

    def __init__(self, plan: Plan, real: str, form: Form | None = None) -> None:
        self.plan = plan
        shared = _products(real, form)
        cell = load_library(render(plan), real, "-O2", form)
        self.product = ctypes.cast(shared.product, _POINTER)
        self.pack = shared.pack
        self.pack.argtypes = [_POINTER, *[_LONG] * 6, _POINTER, _LONG, _LONG]
        self.pack.restype = None
        self.gradient = ctypes.cast(shared.gradient, _POINTER)
        self.forward = cell.forward
        self.forward.argtypes = [ctypes.POINTER(Size), *[_LONG] * 4, _POINTER, _POINTER, _POINTER]
        self.backward = cell.backward
        self.backward.argtypes = [ctypes.POINTER(Size), *[_LONG] * 3, *[_POINTER] * 4]
        self.forward.restype = self.backward.restype = None
        self.lanes = ctypes.c_long.in_dll(shared, "lanes").value


@functools.lru_cache(maxsize=256)
def kernels(ir_text: str, real: str, form: Form | None = None) -> Kernels:
    """The kernels of the cell that `ir_text` spells; built or taken from the cache at the first use."""
    return Kernels(Plan(parse_ir(ir_text)), real, form)


@functools.cache
def _products(real: str, form: Form | None) -> ctypes.CDLL:
    """The product kernel that all cells share."""
    return load_library((SOURCES / "product.c").read_text(encoding="utf-8"), real, "-O3", form)


def pointers(addresses: Sequence[int]) -> ctypes.Array[ctypes.c_void_p]:
    """A C array of pointers."""
    return (_POINTER * len(addresses))(*addresses)
