"""Compiled cells: the IR rendered to C, forwards and backwards, for the machine at hand."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from archsearch.backends.native.kernels import shared_library, unsupported
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.render import render
from archsearch.errors import MachineFault, Refused
from archsearch.ir import CellIR

if TYPE_CHECKING:
    import torch

    from archsearch.backends._layer import CellLayer

MOST_INSTRUCTIONS = 2_000
"""Of one step. Larger cells would be compiled for minutes."""


class Native:
    """Runs plain cells on the CPU, in float32 and float64."""

    def refuses(self, ir: CellIR) -> str | None:
        """A missing or broken compiler, nowhere to keep what it makes, or a cell too large for it.

        At its first use on a machine, this compiles the kernel that all cells share, for which the machine may lack
        room, memory or time: `MachineFault`.
        """
        if len(ir.body) > MOST_INSTRUCTIONS:
            return f"the cell has {len(ir.body)} instructions; at most {MOST_INSTRUCTIONS} are compiled"
        return _broken()

    def refuses_kind(self, device: str, dtype: str) -> str | None:
        """Everything but float32 and float64 on the CPU."""
        return unsupported(device, dtype)

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
        import torch

        from archsearch.backends._layer import CellLayer
        from archsearch.backends.native.function import refuse_kind, unroll

        refuse_kind(dtype or torch.get_default_dtype(), torch.device(device or "cpu"))
        return CellLayer(ir, unroll, input_size, hidden_size, generator, dtype, device)

    def emit(self, ir: CellIR) -> str:
        """The C text of the cell's kernels; `vector.h`, which it includes, holds the functions on vectors."""
        return render(Plan(ir))


@functools.cache
def _broken() -> str | None:
    """Why kernels cannot be compiled on this machine, found out by compiling one. What may pass is not remembered."""
    try:
        shared_library("float", None)
    except MachineFault:
        raise
    except Refused as error:
        return str(error)
    return None


BACKEND = Native()
