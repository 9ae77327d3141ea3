"""How the parameters of a layer start: numpy arrays, so that a module and compiled code begin with the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.draws import Draws, draw_key
from archsearch.ir import CellIR
from archsearch.ir.cost import parameter_shapes

Values = Mapping[str, NDArray[np.floating[Any]]]
"""Parameters by name."""


def initial_layer(
    ir: CellIR, input_size: int, hidden_size: int, seed: int, layer: int = 0
) -> dict[str, NDArray[np.float64]]:
    """The parameters of layer number `layer` of a model that starts from `seed`, in the order of `parameter_shapes`.

    Linear and diagonal ones are drawn from U(-1/√hidden, 1/√hidden), those of each parameter by themselves; a bias
    starts at its number.
    """
    biases = {f"{affine.equation}.bias": affine.bias for affine in ir.affines}
    values: dict[str, NDArray[np.float64]] = {}
    key = draw_key(seed, "layers")
    for index, (name, shape) in enumerate(parameter_shapes(ir, input_size, hidden_size).items()):
        start = biases.get(name)
        values[name] = drawn(key, layer, index, shape, hidden_size) if start is None else np.full(shape, float(start))
    return values


def drawn(key: int, layer: int, index: int, shape: tuple[int, ...], hidden_size: int) -> NDArray[np.float64]:
    """Numbers from U(-1/√hidden, 1/√hidden) for parameter number `index` of a layer."""
    units = Draws(key, 1, first=layer << 32 | index).uniform(*shape)[..., 0].astype(np.float64)
    values: NDArray[np.float64] = (2 * units - 1) * hidden_size**-0.5
    return values
