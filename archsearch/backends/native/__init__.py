"""Compiled cells: the IR rendered to C, forwards and backwards, for the machine at hand."""

from __future__ import annotations

import torch

from archsearch.backends._layer import CellLayer
from archsearch.backends.native.compiler import NO_COMPILER, compiler
from archsearch.backends.native.function import unroll
from archsearch.ir import CellIR


class Native:
    """Runs plain cells on the CPU, in float32 and float64."""

    def refuses(self, ir: CellIR) -> str | None:
        """A missing compiler."""
        return NO_COMPILER if compiler() is None else None

    def build(
        self,
        ir: CellIR,
        input_size: int,
        hidden_size: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> CellLayer:
        """One layer of the cell with freshly drawn parameters."""
        return CellLayer(ir, unroll, input_size, hidden_size, generator, dtype, device)


BACKEND = Native()
