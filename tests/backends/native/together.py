"""Many cells in one C file: starting the compiler for each would take most of a test's time."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from archsearch.backends.native import kernels
from archsearch.backends.native.compiler import Form, load_library
from archsearch.backends.native.kernels import render
from archsearch.backends.native.plan import Plan
from archsearch.ir import CellIR

OPTIMISE = os.environ.get("ARCHSEARCH_TEST_OPTIMISE", "-O0")
"""What the text means does not depend on it; -O2, as in use, takes five times as long to compile."""

_FIRST = "\nvoid forward("


@contextmanager
def compiled_together(cells: Iterable[CellIR], real: str, optimise: str = OPTIMISE) -> Iterator[int]:
    """Within, layers of these cells run from one library. Gives the number of different ones among them."""
    codes = list(dict.fromkeys(_code(render(Plan(ir))) for ir in cells))
    library = load_library(_joined(codes), real, optimise)
    numbers = {code: number for number, code in enumerate(codes)}
    with mock.patch.object(kernels, "load_library", _loader(library, numbers, real)), fresh_kernels():
        yield len(codes)


@contextmanager
def fresh_kernels() -> Iterator[None]:
    """Within, no kernel from before is used; after it, none from within."""
    kernels.kernels.cache_clear()
    kernels.shared_library.cache_clear()
    yield
    kernels.kernels.cache_clear()
    kernels.shared_library.cache_clear()


def _loader(library: ctypes.CDLL, numbers: dict[str, int], real: str) -> Callable[..., Any]:
    def load(text: str, wanted: str, optimise: str, form: Form | None = None) -> Any:
        number = numbers.get(_code(text))
        if number is None:
            return load_library(text, wanted, optimise, form)
        assert (wanted, form) == (real, None), "compiled for another type of number or processor"
        forward, backward = (getattr(library, f"{name}_{number}") for name in ("forward", "backward"))
        return SimpleNamespace(forward=forward, backward=backward)

    return load


def _code(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _joined(codes: list[str]) -> str:
    head = codes[0].partition(_FIRST)[0]
    bodies = []
    for number, code in enumerate(codes):
        own, _, body = code.partition(_FIRST)
        assert own == head
        bodies.append(re.sub(r"\bvoid (forward|backward)\(", rf"void \1_{number}(", _FIRST + body))
    return head + "".join(bodies)
