"""Cells over layers and time, and the head that reads them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from archsearch import registry
from archsearch.backends import PACKAGE, Backend
from archsearch.ir import CellIR
from archsearch.models.size import layer_inputs
from archsearch.schema.study import Model


class RecurrentModel(nn.Module):
    """A stack of layers of one cell and a linear head.

    The head's weights are drawn from U(-1/√hidden, 1/√hidden), after all layers; its bias starts at 0.
    """

    def __init__(
        self,
        ir: CellIR,
        model: Model,
        input_size: int,
        output_size: int,
        backend: str,
        generator: torch.Generator,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        implementation: Backend = registry.load(PACKAGE, backend)
        hidden = model.hidden_size
        self.layers = nn.ModuleList(
            implementation.build(ir, size, hidden, generator, dtype, device) for size in layer_inputs(model, input_size)
        )
        self.residual = model.connection == "residual"
        self.head = nn.Linear(hidden, output_size, dtype=dtype, device=device)
        bound = hidden**-0.5
        drawn = torch.rand((output_size, hidden), generator=generator, dtype=torch.float64) * (2 * bound) - bound
        with torch.no_grad():
            self.head.weight.copy_(drawn)
            self.head.bias.zero_()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Outputs [masked steps, output_size] of x [time, batch, input], read where mask [time, batch] is true."""
        y, _ = self.layers[0](x)
        for layer in self.layers[1:]:
            deeper, _ = layer(y)
            y = y + deeper if self.residual else deeper
        outputs: Tensor = self.head(y[mask])
        return outputs
