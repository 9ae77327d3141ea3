"""MUT1, MUT2 and MUT3 of Jozefowicz, Zaremba & Sutskever 2015, An Empirical Exploration of Recurrent Networks.

Units: update gate z (1 takes the candidate), reset gate r, candidate h. The paper's W_xz is W_z here, W_hr is U_r,
W_hh is U_h. MUT1 and MUT2 contain the raw input, so their input size has to equal the hidden size; the ``_linear``
readings put a matrix (without a bias of its own) where the raw input stood, for inputs of any size.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense

PARAMETERS: dict[str, ParameterTable] = {
    "mut1": {"W_z": "WH", "b_z": "H", "W_r": "WH", "U_r": "HH", "b_r": "H", "U_h": "HH", "b_h": "H"},
    "mut1_linear": {
        "W_z": "WH",
        "b_z": "H",
        "W_r": "WH",
        "U_r": "HH",
        "b_r": "H",
        "W_h": "WH",
        "U_h": "HH",
        "b_h": "H",
    },
    "mut2": dense("z", "h") | {"U_r": "HH", "b_r": "H"},
    "mut2_linear": dense("z", "r", "h"),
    "mut3": dense("z", "r", "h"),
}
STATES: dict[str, StateTable] = {name: {"h": 0.0} for name in PARAMETERS}


def _require_equal_sizes(x: Tensor, h: Tensor) -> None:
    if x.shape[-1] != h.shape[-1]:
        raise ValueError(f"a raw input needs input size == hidden size, got {x.shape[-1]} and {h.shape[-1]}")


def _mut1(p: Tensors, x: Tensor, h_old: Tensor, raw: Tensor) -> tuple[Tensor, Tensors]:
    z = torch.sigmoid(x @ p["W_z"].T + p["b_z"])
    r = torch.sigmoid(affine(p, "r", x, h_old))
    h = torch.tanh((r * h_old) @ p["U_h"].T + torch.tanh(raw) + p["b_h"]) * z + h_old * (1 - z)
    return h, {"h": h}


def mut1_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """MUT1: z = sigma(W_z x + b_z), h = tanh(U_h (r h') + tanh(x) + b_h) z + h' (1 - z).

    Raises ValueError when the input size differs from the hidden size.
    """
    _require_equal_sizes(x, state["h"])
    return _mut1(p, x, state["h"], x)


def mut1_linear_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """MUT1 with tanh(W_h x) in the place of tanh(x)."""
    return _mut1(p, x, state["h"], x @ p["W_h"].T)


def _mut2(p: Tensors, x: Tensor, h_old: Tensor, raw: Tensor) -> tuple[Tensor, Tensors]:
    z = torch.sigmoid(affine(p, "z", x, h_old))
    r = torch.sigmoid(raw + h_old @ p["U_r"].T + p["b_r"])
    h = torch.tanh(affine(p, "h", x, r * h_old)) * z + h_old * (1 - z)
    return h, {"h": h}


def mut2_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """MUT2: r = sigma(x + U_r h' + b_r), h = tanh(U_h (r h') + W_h x + b_h) z + h' (1 - z).

    Raises ValueError when the input size differs from the hidden size.
    """
    _require_equal_sizes(x, state["h"])
    return _mut2(p, x, state["h"], x)


def mut2_linear_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """MUT2 with W_r x in the place of x: a GRU (reset before) in Chung's orientation of z."""
    return _mut2(p, x, state["h"], x @ p["W_r"].T)


def mut3_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """MUT3: z = sigma(W_z x + U_z tanh(h') + b_z), h = tanh(U_h (r h') + W_h x + b_h) z + h' (1 - z)."""
    h_old = state["h"]
    z = torch.sigmoid(affine(p, "z", x, torch.tanh(h_old)))
    r = torch.sigmoid(affine(p, "r", x, h_old))
    h = torch.tanh(affine(p, "h", x, r * h_old)) * z + h_old * (1 - z)
    return h, {"h": h}


_PAPER = "Jozefowicz, Zaremba & Sutskever 2015"

ORACLES: dict[str, Oracle] = {
    "mut1": Oracle(mut1_step, PARAMETERS["mut1"], STATES["mut1"], f"{_PAPER}, MUT1", raw_input=True),
    "mut1_linear": Oracle(
        mut1_linear_step, PARAMETERS["mut1_linear"], STATES["mut1_linear"], f"{_PAPER}, MUT1, x read as W_h x"
    ),
    "mut2": Oracle(mut2_step, PARAMETERS["mut2"], STATES["mut2"], f"{_PAPER}, MUT2", raw_input=True),
    "mut2_linear": Oracle(
        mut2_linear_step, PARAMETERS["mut2_linear"], STATES["mut2_linear"], f"{_PAPER}, MUT2, x read as W_r x"
    ),
    "mut3": Oracle(mut3_step, PARAMETERS["mut3"], STATES["mut3"], f"{_PAPER}, MUT3"),
}
