"""Compiled cells: the IR rendered to C, forwards and backwards, for the machine at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.backends.native.kernels import OTHERWISE, render, shared_library, unsupported
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.words import words
from archsearch.ir import CellIR

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from archsearch.backends._layer import CellLayer
    from archsearch.backends._steps import Stack, Steps
    from archsearch.ir.initial import Values

LARGEST = 4_000
"""`Plan.size` of the largest cell that is compiled, in at most a second of processor time."""


class Native:
    """Runs plain cells on the CPU, in float32 and float64."""

    def refuses(self, ir: CellIR) -> str | None:
        """A cell that is too large to be compiled.

        At its first use in a process, this compiles the kernel that all cells share: `MachineFault` where there is no
        compiler, it is broken, or the machine lacks room, memory or time for it.
        """
        size = max(len(ir.body), 0 if len(ir.body) > LARGEST else Plan(ir).size)
        if size > LARGEST:
            return f"the cell has the size {size:,}, and at most {LARGEST:,} is compiled; {OTHERWISE}"
        shared_library("float", None)
        return None

    def refuses_kind(self, device: str, dtype: str) -> str | None:
        """Everything but float32 and float64 on the CPU."""
        return unsupported(device, dtype)

    def build(
        self,
        ir: CellIR,
        input_size: int,
        hidden_size: int,
        values: Values,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> CellLayer:
        """One layer of the cell, whose parameters start at `values`; raises `Refused` where it could not run."""
        import torch

        from archsearch.backends._layer import CellLayer
        from archsearch.backends.native.function import refuse_kind, unroll

        refuse_kind(dtype or torch.get_default_dtype(), torch.device(device or "cpu"))
        return CellLayer(ir, unroll, input_size, hidden_size, values, dtype, device)

    def words(self, key: int, blocks: range, call: int, items: range) -> NDArray[np.uint32]:
        """Drawn in C."""
        return words(key, blocks, call, items)

    def steps(self, stack: Stack, values: Values, longest: int, batch: int, most: int) -> Steps:
        """Training steps in C."""
        from archsearch.backends.native.step import CompiledSteps

        return CompiledSteps(stack, values, longest, batch, most)

    def emit(self, ir: CellIR) -> str:
        """The C text of the cell's kernels; `vector.h`, which it includes, holds the functions on vectors."""
        return render(Plan(ir))


BACKEND = Native()
