"""Compiled cells: the IR rendered to C, forwards and backwards, for the machine at hand."""

from __future__ import annotations

import functools

import torch

from archsearch.backends._layer import CellLayer
from archsearch.backends.native.function import refuse_kind, unroll
from archsearch.backends.native.kernels import _shared
from archsearch.errors import Refused
from archsearch.ir import CellIR

MOST_INSTRUCTIONS = 2_000
"""Of one step. Larger cells would be compiled for minutes."""


class Native:
    """Runs plain cells on the CPU, in float32 and float64."""

    def refuses(self, ir: CellIR) -> str | None:
        """A missing or broken compiler, nowhere to keep what it makes, or a cell too large for it.

        At its first use on a machine, this compiles the kernel that all cells share.
        """
        if len(ir.body) > MOST_INSTRUCTIONS:
            return f"the cell has {len(ir.body)} instructions; at most {MOST_INSTRUCTIONS} are compiled"
        return _broken()

    def build(
        self,
        ir: CellIR,
        input_size: int,
        hidden_size: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> CellLayer:
        """One layer of the cell with freshly drawn parameters; raises `Refused` where it could not run."""
        refuse_kind(dtype or torch.get_default_dtype(), torch.device(device or "cpu"))
        return CellLayer(ir, unroll, input_size, hidden_size, generator, dtype, device)


@functools.cache
def _broken() -> str | None:
    """Why kernels cannot be compiled on this machine, found out by compiling one."""
    try:
        _shared("float", None)
    except Refused as error:
        return str(error)
    return None


BACKEND = Native()
