"""The vanilla LSTM and its eight variants of Greff et al. 2015, LSTM: A Search Space Odyssey, section on variants.

Units as in the paper: block input z, gates i, f, o. The paper's R_z, R_i, R_f, R_o (from the block output y, called
h here) are U_z, U_i, U_f, U_o. A variant that removes a gate also loses its parameters; the gates that exist keep
their peepholes. Full gate recurrence adds ``R_<from><to>`` [hidden, hidden]: R_fi leads from the previous forget gate
to the input gate.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, ParameterTable, StateTable, Tensors, dense, peepholes

_VANILLA = dense("z", "i", "f", "o") | peepholes("i", "f", "o")
_GATE_RECURRENCE: ParameterTable = {f"R_{source}{target}": "HH" for target in "ifo" for source in "ifo"}

PARAMETERS: dict[str, ParameterTable] = {
    "greff_v": _VANILLA,
    "greff_nig": dense("z", "f", "o") | peepholes("f", "o"),
    "greff_nfg": dense("z", "i", "o") | peepholes("i", "o"),
    "greff_nog": dense("z", "i", "f") | peepholes("i", "f"),
    "greff_niaf": _VANILLA,
    "greff_noaf": _VANILLA,
    "greff_cifg": dense("z", "i", "o") | peepholes("i", "o"),
    "greff_np": dense("z", "i", "f", "o"),
    "greff_fgr": _VANILLA | _GATE_RECURRENCE,
}
_CELL: StateTable = {"h": 0.0, "c": 0.0}
STATES: dict[str, StateTable] = {
    name: _CELL | {"i": 0.0, "f": 0.0, "o": 0.0} if name == "greff_fgr" else _CELL for name in PARAMETERS
}


def _net(p: Tensors, unit: str, x: Tensor, y_old: Tensor) -> Tensor:
    from_input = torch.einsum("hk,bk->bh", p[f"W_{unit}"], x)
    from_output = torch.einsum("hk,bk->bh", p[f"U_{unit}"], y_old)
    return from_input + from_output + p[f"b_{unit}"]


def _gate(p: Tensors, unit: str, x: Tensor, y_old: Tensor, cell: Tensor) -> Tensor:
    return torch.sigmoid(_net(p, unit, x, y_old) + p[f"p_{unit}"] * cell)


def _end(y: Tensor, c: Tensor) -> tuple[Tensor, Tensors]:
    return y, {"h": y, "c": c}


def greff_v_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """V, vanilla: c = z i + c' f, y = tanh(c) o; peepholes from c' to i and f, from c to o."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    c = z * _gate(p, "i", x, y_old, c_old) + c_old * _gate(p, "f", x, y_old, c_old)
    return _end(torch.tanh(c) * _gate(p, "o", x, y_old, c), c)


def greff_nig_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NIG, no input gate: i = 1."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    c = z + c_old * _gate(p, "f", x, y_old, c_old)
    return _end(torch.tanh(c) * _gate(p, "o", x, y_old, c), c)


def greff_nfg_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NFG, no forget gate: f = 1."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    c = z * _gate(p, "i", x, y_old, c_old) + c_old
    return _end(torch.tanh(c) * _gate(p, "o", x, y_old, c), c)


def greff_nog_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NOG, no output gate: o = 1."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    c = z * _gate(p, "i", x, y_old, c_old) + c_old * _gate(p, "f", x, y_old, c_old)
    return _end(torch.tanh(c), c)


def greff_niaf_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NIAF, no input activation function: g(x) = x, z is linear."""
    y_old, c_old = state["h"], state["c"]
    z = _net(p, "z", x, y_old)
    c = z * _gate(p, "i", x, y_old, c_old) + c_old * _gate(p, "f", x, y_old, c_old)
    return _end(torch.tanh(c) * _gate(p, "o", x, y_old, c), c)


def greff_noaf_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NOAF, no output activation function: h(x) = x, y = c o."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    c = z * _gate(p, "i", x, y_old, c_old) + c_old * _gate(p, "f", x, y_old, c_old)
    return _end(c * _gate(p, "o", x, y_old, c), c)


def greff_cifg_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """CIFG, coupled input and forget gate: f = 1 - i; i keeps its peephole."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    i = _gate(p, "i", x, y_old, c_old)
    c = z * i + c_old * (1 - i)
    return _end(torch.tanh(c) * _gate(p, "o", x, y_old, c), c)


def greff_np_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """NP, no peepholes."""
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    i, f, o = (torch.sigmoid(_net(p, unit, x, y_old)) for unit in "ifo")
    c = z * i + c_old * f
    return _end(torch.tanh(c) * o, c)


def _gate_recurrence(p: Tensors, target: str, state: Tensors) -> Tensor:
    terms = [torch.einsum("hk,bk->bh", p[f"R_{source}{target}"], state[source]) for source in ("i", "f", "o")]
    return terms[0] + terms[1] + terms[2]


def greff_fgr_step(p: Tensors, x: Tensor, state: Tensors) -> tuple[Tensor, Tensors]:
    """FGR, full gate recurrence: every gate also receives R_i. i' + R_f. f' + R_o. o' of the previous step.

    The previous gates are states and zero before the first step. The output gate, too, sees the previous i, f
    and o, beside the peephole from the new c.
    """
    y_old, c_old = state["h"], state["c"]
    z = torch.tanh(_net(p, "z", x, y_old))
    i = torch.sigmoid(_net(p, "i", x, y_old) + p["p_i"] * c_old + _gate_recurrence(p, "i", state))
    f = torch.sigmoid(_net(p, "f", x, y_old) + p["p_f"] * c_old + _gate_recurrence(p, "f", state))
    c = z * i + c_old * f
    o = torch.sigmoid(_net(p, "o", x, y_old) + p["p_o"] * c + _gate_recurrence(p, "o", state))
    y = torch.tanh(c) * o
    return y, {"h": y, "c": c, "i": i, "f": f, "o": o}


_STEPS = {
    "greff_v": greff_v_step,
    "greff_nig": greff_nig_step,
    "greff_nfg": greff_nfg_step,
    "greff_nog": greff_nog_step,
    "greff_niaf": greff_niaf_step,
    "greff_noaf": greff_noaf_step,
    "greff_cifg": greff_cifg_step,
    "greff_np": greff_np_step,
    "greff_fgr": greff_fgr_step,
}

ORACLES: dict[str, Oracle] = {
    name: Oracle(
        step, PARAMETERS[name], STATES[name], f"Greff et al. 2015, variant {name.removeprefix('greff_').upper()}"
    )
    for name, step in _STEPS.items()
}
