"""Random words in C, bit by bit those of `archsearch.draws.philox`."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.backends.native.compiler import Form
from archsearch.backends.native.kernels import shared_library


def words(key: int, blocks: range, call: int, items: range, form: Form | None = None) -> NDArray[np.uint32]:
    """Words [4 * blocks, items]: see `archsearch.draws.Words`."""
    drawn = np.empty((4 * len(blocks), len(items)), dtype=np.uint32)
    _philox(form)(key, blocks.start, len(blocks), call, items.start, len(items), drawn.ctypes.data)
    return drawn


@functools.cache
def _philox(form: Form | None) -> Any:
    """The function in the library that all cells share, which is the same in that of each type of number."""
    function = shared_library("float", form).philox
    counts = (ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32)
    function.argtypes = (ctypes.c_uint64, *counts, ctypes.c_uint64, ctypes.c_long, ctypes.c_void_p)
    function.restype = None
    return function
