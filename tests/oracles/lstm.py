"""LSTM from 1997 to the coupled gates. Units: input gate i, forget gate f, output gate o, block input z.

All gates are logistic. ``z`` is the letter of Greff et al. for what Hochreiter & Schmidhuber call g(net_c).
"""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense, peepholes

NAMES = ("lstm_1997", "lstm", "lstm_b", "peephole_lstm", "cifg")

PARAMETERS: dict[str, ParameterTable] = {
    "lstm_1997": dense("i", "o", "z"),
    "lstm": dense("i", "f", "o", "z"),
    "lstm_b": dense("i", "f", "o", "z"),
    "peephole_lstm": dense("i", "f", "o", "z") | peepholes("i", "f", "o"),
    "cifg": dense("f", "o", "z"),
}
STATES: dict[str, StateTable] = {name: {"h": 0.0, "c": 0.0} for name in NAMES}


def lstm_1997_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """No forget gate: c = c' + i g(net_z), h = o h(c), with g = 4 sigma - 2 in (-2, 2), h = 2 sigma - 1 in (-1, 1).

    Hochreiter & Schmidhuber 1997, section 4, memory blocks of size one. Their gates may also receive the other
    gates' previous activations and need not have biases; here every unit sees x, h' and a bias.
    """
    i = torch.sigmoid(affine(p, "i", x, state["h"]))
    o = torch.sigmoid(affine(p, "o", x, state["h"]))
    z = 4 * torch.sigmoid(affine(p, "z", x, state["h"])) - 2
    c = state["c"] + i * z
    h = o * (2 * torch.sigmoid(c) - 1)
    return h, {"h": h, "c": c}


def lstm_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """c = f c' + i z, h = o tanh(c): the forget gate of Gers, Schmidhuber & Cummins 2000.

    That paper keeps the squashing functions of 1997; tanh in both places is the reading since Graves &
    Schmidhuber 2005, and torch's.
    """
    i = torch.sigmoid(affine(p, "i", x, state["h"]))
    f = torch.sigmoid(affine(p, "f", x, state["h"]))
    o = torch.sigmoid(affine(p, "o", x, state["h"]))
    z = torch.tanh(affine(p, "z", x, state["h"]))
    c = f * state["c"] + i * z
    h = o * torch.tanh(c)
    return h, {"h": h, "c": c}


def lstm_b_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """The LSTM whose b_f starts at 1: the same function, another initial value (Jozefowicz et al. 2015).

    Their printed LSTM equations give the output gate a tanh and swap the letters of input gate (their j) and
    block input (their i, with tanh); logistic gates are taken here, as everywhere else.
    """
    return lstm_step(p, x, state)


def peephole_lstm_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """Gates see the cell: i and f see c' of the previous step, o sees the new c (Gers & Schmidhuber 2000).

    The squashing functions are tanh (Graves & Schmidhuber 2005, Greff et al. 2015).
    """
    i = torch.sigmoid(affine(p, "i", x, state["h"]) + p["p_i"] * state["c"])
    f = torch.sigmoid(affine(p, "f", x, state["h"]) + p["p_f"] * state["c"])
    z = torch.tanh(affine(p, "z", x, state["h"]))
    c = f * state["c"] + i * z
    o = torch.sigmoid(affine(p, "o", x, state["h"]) + p["p_o"] * c)
    h = o * torch.tanh(c)
    return h, {"h": h, "c": c}


def cifg_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """Coupled gates without peepholes, i = 1 - f: c = f c' + (1 - f) z, h = o tanh(c).

    Greff et al. 2015 couple them the other way round (f = 1 - i) and keep peepholes: see ``greff_cifg``.
    """
    f = torch.sigmoid(affine(p, "f", x, state["h"]))
    o = torch.sigmoid(affine(p, "o", x, state["h"]))
    z = torch.tanh(affine(p, "z", x, state["h"]))
    c = f * state["c"] + (1 - f) * z
    h = o * torch.tanh(c)
    return h, {"h": h, "c": c}


ORACLES: dict[str, Oracle] = {
    "lstm_1997": Oracle(
        lstm_1997_step, PARAMETERS["lstm_1997"], STATES["lstm_1997"], "Hochreiter & Schmidhuber 1997, section 4"
    ),
    "lstm": Oracle(
        lstm_step, PARAMETERS["lstm"], STATES["lstm"], "Gers, Schmidhuber & Cummins 2000, Learning to Forget"
    ),
    "lstm_b": Oracle(
        lstm_b_step, PARAMETERS["lstm_b"], STATES["lstm_b"], "Jozefowicz, Zaremba & Sutskever 2015 (b_f starts at 1)"
    ),
    "peephole_lstm": Oracle(
        peephole_lstm_step,
        PARAMETERS["peephole_lstm"],
        STATES["peephole_lstm"],
        "Gers & Schmidhuber 2000, Recurrent Nets that Time and Count",
    ),
    "cifg": Oracle(
        cifg_step, PARAMETERS["cifg"], STATES["cifg"], "Greff et al. 2015, CIFG read as i = 1 - f, no peepholes"
    ),
}
