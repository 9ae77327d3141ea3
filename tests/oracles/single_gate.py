"""Cells with one gate: the minimal gated unit and the update gate RNN."""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense

PARAMETERS: dict[str, ParameterTable] = {"mgu": dense("f", "h"), "ugrnn": dense("c", "g")}
STATES: dict[str, StateTable] = {"mgu": {"h": 0.0}, "ugrnn": {"h": 0.0}}


def mgu_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """h~ = tanh(W_h x + U_h (f h') + b_h), h = (1 - f) h' + f h~ (Zhou et al. 2016).

    f = 1 takes the candidate, against its name; some libraries implement h = f h' + (1 - f) h~ instead.
    """
    h_old = state["h"]
    f = torch.sigmoid(affine(p, "f", x, h_old))
    candidate = torch.tanh(affine(p, "h", x, f * h_old))
    h = (1 - f) * h_old + f * candidate
    return h, {"h": h}


def ugrnn_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """c = tanh(W_c x + U_c h' + b_c), h = g h' + (1 - g) c (Collins, Sohl-Dickstein & Sussillo 2016).

    The candidate's nonlinearity is tanh or ReLU in the paper, tanh here. The constant the paper adds to the
    gate (b_fg) is part of b_g here.
    """
    h_old = state["h"]
    c = torch.tanh(affine(p, "c", x, h_old))
    g = torch.sigmoid(affine(p, "g", x, h_old))
    h = g * h_old + (1 - g) * c
    return h, {"h": h}


ORACLES: dict[str, Oracle] = {
    "mgu": Oracle(mgu_step, PARAMETERS["mgu"], STATES["mgu"], "Zhou et al. 2016, Minimal Gated Unit"),
    "ugrnn": Oracle(
        ugrnn_step, PARAMETERS["ugrnn"], STATES["ugrnn"], "Collins, Sohl-Dickstein & Sussillo 2016 (ICLR 2017), UGRNN"
    ),
}
