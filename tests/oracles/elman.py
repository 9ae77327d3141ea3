"""Elman's simple recurrent network, and the independently recurrent one."""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense

PARAMETERS: dict[str, ParameterTable] = {"rnn": dense("h"), "indrnn": {"W_h": "WH", "u_h": "H", "b_h": "H"}}
STATES: dict[str, StateTable] = {"rnn": {"h": 0.0}, "indrnn": {"h": 0.0}}


def rnn_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """h = tanh(W_h x + U_h h' + b_h) (Elman 1990; tanh is today's choice, Elman used the logistic function)."""
    h = torch.tanh(affine(p, "h", x, state["h"]))
    return h, {"h": h}


def indrnn_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """h = relu(W_h x + u_h * h' + b_h), u_h a vector (Li et al. 2018, equation 2)."""
    h = torch.relu(x @ p["W_h"].T + p["u_h"] * state["h"] + p["b_h"])
    return h, {"h": h}


ORACLES: dict[str, Oracle] = {
    "rnn": Oracle(rnn_step, PARAMETERS["rnn"], STATES["rnn"], "Elman 1990, Finding Structure in Time"),
    "indrnn": Oracle(
        indrnn_step,
        PARAMETERS["indrnn"],
        STATES["indrnn"],
        "Li, Li, Cook, Zhu & Gao 2018, Independently Recurrent Neural Network (IndRNN)",
    ),
}
