"""Cells over layers and time, and the head that reads them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from archsearch import registry
from archsearch.backends import PACKAGE, Backend
from archsearch.ir import CellIR
from archsearch.models.connections import PACKAGE as CONNECTIONS
from archsearch.models.connections import Connection
from archsearch.models.size import layer_inputs
from archsearch.schema.study import Model


class RecurrentModel(nn.Module):
    """A stack of layers of one cell, joined by connections, and a linear head.

    The head's weights are drawn from U(-1/√hidden, 1/√hidden), after all layers and joins; its bias starts at 0.
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
        self._connection = model.connection  # by name: functions of its file might not be pickled with the model
        shapes = registry.load(CONNECTIONS, model.connection).shapes(hidden)
        self.joins = nn.ModuleList(
            nn.ParameterDict({name: torch.zeros(shape, dtype=dtype, device=device) for name, shape in shapes.items()})
            for _ in self.layers[1:]
        )
        self.head = nn.Linear(hidden, output_size, dtype=dtype, device=device)
        bound = hidden**-0.5
        with torch.no_grad():
            for matrix in (*self.joins.parameters(), self.head.weight):
                if matrix.dim() > 1:
                    drawn = torch.rand(matrix.shape, generator=generator, dtype=torch.float64)
                    matrix.copy_(drawn * (2 * bound) - bound)
            self.head.bias.zero_()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Outputs [masked steps, output_size] of x [time, batch, input], read where mask [time, batch] is true."""
        connection: Connection = registry.load(CONNECTIONS, self._connection)
        y, _ = self.layers[0](x)
        for layer, join in zip(self.layers[1:], self.joins, strict=True):
            deeper, _ = layer(y)
            y = connection.join(y, deeper, dict(join.named_parameters()))
        outputs: Tensor = self.head(y[mask])
        return outputs
