"""The gated recurrent unit, with the reset gate after and before the recurrent product.

Letters differ as the sources do: torch's cell has units r, z, n; Cho's has r, z, h (the candidate).
"""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, affine, dense

PARAMETERS: dict[str, ParameterTable] = {
    "gru": dense("r", "z", "n") | {"bu_n": "H"},
    "gru_reset_before": dense("r", "z", "h"),
}
STATES: dict[str, StateTable] = {"gru": {"h": 0.0}, "gru_reset_before": {"h": 0.0}}


def gru_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """Reset after the product: n = tanh(W_n x + b_n + r (U_n h' + bu_n)), h = (1 - z) n + z h'.

    ``b_n`` stands on the side of x and ``bu_n`` inside the reset, on the side of h'; the biases of r and z are
    redundant and appear once. Equations of ``torch.nn.GRU``'s documentation.
    """
    h_old = state["h"]
    r = torch.sigmoid(affine(p, "r", x, h_old))
    z = torch.sigmoid(affine(p, "z", x, h_old))
    n = torch.tanh(x @ p["W_n"].T + p["b_n"] + r * (h_old @ p["U_n"].T + p["bu_n"]))
    h = (1 - z) * n + z * h_old
    return h, {"h": h}


def gru_reset_before_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """Reset before the product: h~ = tanh(W_h x + U_h (r h') + b_h), h = z h' + (1 - z) h~.

    Cho et al. 2014 (EMNLP), equations (5) to (8), which omit the biases. Chung et al. 2014 swap z and 1 - z.
    """
    h_old = state["h"]
    r = torch.sigmoid(affine(p, "r", x, h_old))
    z = torch.sigmoid(affine(p, "z", x, h_old))
    candidate = torch.tanh(affine(p, "h", x, r * h_old))
    h = z * h_old + (1 - z) * candidate
    return h, {"h": h}


ORACLES: dict[str, Oracle] = {
    "gru": Oracle(gru_step, PARAMETERS["gru"], STATES["gru"], "torch.nn.GRU, documented equations"),
    "gru_reset_before": Oracle(
        gru_reset_before_step, PARAMETERS["gru_reset_before"], STATES["gru_reset_before"], "Cho et al. 2014, (5) to (8)"
    ),
}
