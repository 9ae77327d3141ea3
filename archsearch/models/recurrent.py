"""Cells over layers and time, and the head that reads them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from archsearch import registry
from archsearch.backends import PACKAGE, Backend
from archsearch.ir import CellIR
from archsearch.ir.initial import Values
from archsearch.models.connections import PACKAGE as CONNECTIONS
from archsearch.models.connections import Connection
from archsearch.models.size import layer_inputs
from archsearch.schema.study import Model


class RecurrentModel(nn.Module):
    """A stack of layers of one cell, joined by connections, and a linear head.

    Its parameters start at `values`, by their names in `state_dict`: those of `initial_model`, or trained ones.
    """

    def __init__(
        self,
        ir: CellIR,
        model: Model,
        input_size: int,
        output_size: int,
        backend: str,
        values: Values,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        implementation: Backend = registry.load(PACKAGE, backend)
        hidden = model.hidden_size
        dtype, device = dtype or torch.get_default_dtype(), device or torch.get_default_device()
        self.layers = nn.ModuleList(
            implementation.build(ir, size, hidden, _below(values, f"layers.{layer}"), dtype, device)
            for layer, size in enumerate(layer_inputs(model, input_size))
        )
        self._connection = model.connection  # by name: functions of its file might not be pickled with the model
        self.joins = nn.ModuleList(
            nn.ParameterDict({name: torch.tensor(value, dtype=dtype, device=device) for name, value in own.items()})
            for own in (_below(values, f"joins.{join}") for join in range(model.layers - 1))
        )
        head = nn.utils.skip_init(nn.Linear, hidden, output_size, dtype=dtype, device=device)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for name, parameter in head.named_parameters():
                parameter.copy_(torch.from_numpy(values[f"head.{name}"]))
        self.head = head

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Outputs [masked steps, output_size] of x [time, batch, input], read where mask [time, batch] is true."""
        connection: Connection = registry.load(CONNECTIONS, self._connection)
        y, _ = self.layers[0](x)
        for layer, join in zip(self.layers[1:], self.joins, strict=True):
            deeper, _ = layer(y)
            y = connection.join(y, deeper, dict(join.named_parameters()))
        outputs: Tensor = self.head(y[mask])
        return outputs


def _below(values: Values, prefix: str) -> Values:
    """The values whose names begin with the prefix and a dot, by the rest of their names."""
    return {name.removeprefix(f"{prefix}."): value for name, value in values.items() if name.startswith(f"{prefix}.")}
