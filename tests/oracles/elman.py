"""Elman's simple recurrent network."""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense

PARAMETERS: dict[str, ParameterTable] = {"rnn": dense("h")}
STATES: dict[str, StateTable] = {"rnn": {"h": 0.0}}


def rnn_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """h = tanh(W_h x + U_h h' + b_h) (Elman 1990; tanh is today's choice, Elman used the logistic function)."""
    h = torch.tanh(affine(p, "h", x, state["h"]))
    return h, {"h": h}


ORACLES: dict[str, Oracle] = {
    "rnn": Oracle(rnn_step, PARAMETERS["rnn"], STATES["rnn"], "Elman 1990, Finding Structure in Time"),
}
