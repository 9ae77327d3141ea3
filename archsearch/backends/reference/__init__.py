"""The living definition: one instruction at a time, in plain torch, on any device and in any floating type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.draws import philox
from archsearch.ir import CellIR
from archsearch.ir.initial import Values

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from archsearch.backends._layer import CellLayer


class Reference:
    """Runs every cell."""

    steps = None

    def refuses(self, ir: CellIR) -> str | None:
        """Nothing is refused."""
        return None

    def refuses_kind(self, device: str, dtype: str) -> str | None:
        """Nothing is refused."""
        return None

    def build(
        self,
        ir: CellIR,
        input_size: int,
        hidden_size: int,
        values: Values,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> CellLayer:
        """One layer of the cell, whose parameters start at `values`."""
        from archsearch.backends._layer import CellLayer
        from archsearch.backends.reference.interpreter import unroll

        return CellLayer(ir, unroll, input_size, hidden_size, values, dtype, device)

    def words(self, key: int, blocks: range, call: int, items: range) -> NDArray[np.uint32]:
        """Drawn by numpy."""
        return philox(key, blocks, call, items)

    def emit(self, ir: CellIR) -> str:
        """The instructions themselves: they are run one at a time."""
        return str(ir)


BACKEND = Reference()
