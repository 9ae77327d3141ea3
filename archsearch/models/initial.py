"""How the parameters of a whole model start; free of torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archsearch import registry
from archsearch.draws import draw_key
from archsearch.ir import CellIR
from archsearch.ir.initial import drawn, initial_layer
from archsearch.models.connections import PACKAGE, Connection
from archsearch.models.size import layer_inputs
from archsearch.schema.study import Model


def initial_model(
    ir: CellIR, model: Model, input_size: int, output_size: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Every parameter of a `RecurrentModel` by its name there: layers, what joins them, head.

    Matrices of joins and the head's are drawn from U(-1/√hidden, 1/√hidden); vectors of joins and the head's bias start
    at 0.
    """
    hidden = model.hidden_size
    connection: Connection = registry.load(PACKAGE, model.connection)
    joins = draw_key(seed, "joins")
    values: dict[str, NDArray[np.float64]] = {}
    for layer, size in enumerate(layer_inputs(model, input_size)):
        own = initial_layer(ir, size, hidden, seed, layer)
        values |= {f"layers.{layer}.{name}": value for name, value in own.items()}
    for join in range(model.layers - 1):
        for index, (name, shape) in enumerate(sorted(connection.shapes(hidden).items())):
            matrix = len(shape) > 1
            values[f"joins.{join}.{name}"] = drawn(joins, join, index, shape, hidden) if matrix else np.zeros(shape)
    values["head.weight"] = drawn(draw_key(seed, "head"), 0, 0, (output_size, hidden), hidden)
    values["head.bias"] = np.zeros(output_size)
    return values
