"""Two steps of cells with one unit, computed with the standard library's ``math``."""

from __future__ import annotations

from math import exp, tanh

import pytest
import torch

from . import ORACLES, unroll

X = (0.5, -1.25)
ABSOLUTE = 1e-14


def logistic(a: float) -> float:
    """1 / (1 + e^-a)."""
    return 1 / (1 + exp(-a))


def run(name: str, p: dict[str, float]) -> list[float]:
    """Outputs of the oracle at both steps, from its initial state."""
    assert set(p) == set(ORACLES[name].parameters)
    kinds = ORACLES[name].parameters
    tensors = {
        key: torch.full((1,) if kinds[key] == "H" else (1, 1), value, dtype=torch.float64) for key, value in p.items()
    }
    y, _ = unroll(ORACLES[name], tensors, torch.tensor(X, dtype=torch.float64).reshape(2, 1, 1))
    return [float(value) for value in y.flatten()]


PEEPHOLE = {
    **{"W_i": 0.3, "U_i": -0.4, "b_i": 0.1, "p_i": 0.9},
    **{"W_f": -0.7, "U_f": 0.2, "b_f": 0.6, "p_f": -0.8},
    **{"W_o": 0.5, "U_o": 1.1, "b_o": -0.3, "p_o": 0.4},
    **{"W_z": 1.4, "U_z": -0.9, "b_z": 0.2},
}


def test_rnn_by_hand() -> None:
    h1 = tanh(0.8 * 0.5 + 0.1)
    h2 = tanh(0.8 * -1.25 + -0.6 * h1 + 0.1)
    assert run("rnn", {"W_h": 0.8, "U_h": -0.6, "b_h": 0.1}) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_indrnn_by_hand() -> None:
    """A unit that is closed at the second step, and one that is open at both."""
    assert run("indrnn", {"W_h": 0.8, "u_h": -0.6, "b_h": 0.1}) == pytest.approx([0.8 * 0.5 + 0.1, 0], abs=ABSOLUTE)
    h1 = -0.2 * 0.5 + 0.2
    h2 = -0.2 * -1.25 + 3 * h1 + 0.2
    assert run("indrnn", {"W_h": -0.2, "u_h": 3.0, "b_h": 0.2}) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_lstm_1997_by_hand() -> None:
    i1, o1 = logistic(0.3 * 0.5 + 0.1), logistic(0.5 * 0.5 - 0.3)
    c1 = i1 * (4 * logistic(1.4 * 0.5 + 0.2) - 2)
    h1 = o1 * (2 * logistic(c1) - 1)
    i2, o2 = logistic(0.3 * -1.25 - 0.4 * h1 + 0.1), logistic(0.5 * -1.25 + 1.1 * h1 - 0.3)
    c2 = c1 + i2 * (4 * logistic(1.4 * -1.25 - 0.9 * h1 + 0.2) - 2)
    h2 = o2 * (2 * logistic(c2) - 1)
    p = {key: PEEPHOLE[key] for key in ORACLES["lstm_1997"].parameters}
    assert run("lstm_1997", p) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_peephole_lstm_by_hand() -> None:
    i1 = logistic(0.3 * 0.5 + 0.1)
    c1 = i1 * tanh(1.4 * 0.5 + 0.2)
    o1 = logistic(0.5 * 0.5 - 0.3 + 0.4 * c1)
    h1 = o1 * tanh(c1)
    i2 = logistic(0.3 * -1.25 - 0.4 * h1 + 0.1 + 0.9 * c1)
    f2 = logistic(-0.7 * -1.25 + 0.2 * h1 + 0.6 - 0.8 * c1)
    c2 = f2 * c1 + i2 * tanh(1.4 * -1.25 - 0.9 * h1 + 0.2)
    o2 = logistic(0.5 * -1.25 + 1.1 * h1 - 0.3 + 0.4 * c2)
    h2 = o2 * tanh(c2)
    assert run("peephole_lstm", PEEPHOLE) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_linear_block_input_by_hand() -> None:
    c1 = logistic(0.3 * 0.5 + 0.1) * (1.4 * 0.5 + 0.2)
    h1 = logistic(0.5 * 0.5 - 0.3 + 0.4 * c1) * tanh(c1)
    i2 = logistic(0.3 * -1.25 - 0.4 * h1 + 0.1 + 0.9 * c1)
    f2 = logistic(-0.7 * -1.25 + 0.2 * h1 + 0.6 - 0.8 * c1)
    c2 = f2 * c1 + i2 * (1.4 * -1.25 - 0.9 * h1 + 0.2)
    h2 = logistic(0.5 * -1.25 + 1.1 * h1 - 0.3 + 0.4 * c2) * tanh(c2)
    assert run("greff_niaf", PEEPHOLE) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_linear_block_output_by_hand() -> None:
    c1 = logistic(0.3 * 0.5 + 0.1) * tanh(1.4 * 0.5 + 0.2)
    h1 = logistic(0.5 * 0.5 - 0.3 + 0.4 * c1) * c1
    i2 = logistic(0.3 * -1.25 - 0.4 * h1 + 0.1 + 0.9 * c1)
    f2 = logistic(-0.7 * -1.25 + 0.2 * h1 + 0.6 - 0.8 * c1)
    c2 = f2 * c1 + i2 * tanh(1.4 * -1.25 - 0.9 * h1 + 0.2)
    h2 = logistic(0.5 * -1.25 + 1.1 * h1 - 0.3 + 0.4 * c2) * c2
    assert run("greff_noaf", PEEPHOLE) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_full_gate_recurrence_by_hand() -> None:
    from_i = {"R_ii": 0.11, "R_if": -0.12, "R_io": 0.13}
    from_f = {"R_fi": -0.21, "R_ff": 0.22, "R_fo": 0.23}
    from_o = {"R_oi": 0.31, "R_of": 0.32, "R_oo": -0.33}
    i1, f1 = logistic(0.3 * 0.5 + 0.1), logistic(-0.7 * 0.5 + 0.6)
    c1 = i1 * tanh(1.4 * 0.5 + 0.2)
    o1 = logistic(0.5 * 0.5 - 0.3 + 0.4 * c1)
    h1 = o1 * tanh(c1)
    i2 = logistic(0.3 * -1.25 - 0.4 * h1 + 0.1 + 0.9 * c1 + 0.11 * i1 - 0.21 * f1 + 0.31 * o1)
    f2 = logistic(-0.7 * -1.25 + 0.2 * h1 + 0.6 - 0.8 * c1 - 0.12 * i1 + 0.22 * f1 + 0.32 * o1)
    c2 = f2 * c1 + i2 * tanh(1.4 * -1.25 - 0.9 * h1 + 0.2)
    o2 = logistic(0.5 * -1.25 + 1.1 * h1 - 0.3 + 0.4 * c2 + 0.13 * i1 + 0.23 * f1 - 0.33 * o1)
    h2 = o2 * tanh(c2)
    p = {**PEEPHOLE, **from_i, **from_f, **from_o}
    assert run("greff_fgr", p) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_mut1_by_hand() -> None:
    p = {"W_z": 0.9, "b_z": -0.2, "W_r": 0.4, "U_r": -1.3, "b_r": 0.3, "U_h": 1.7, "b_h": -0.1}
    h1 = tanh(tanh(0.5) - 0.1) * logistic(0.9 * 0.5 - 0.2)
    z2, r2 = logistic(0.9 * -1.25 - 0.2), logistic(0.4 * -1.25 - 1.3 * h1 + 0.3)
    h2 = tanh(1.7 * r2 * h1 + tanh(-1.25) - 0.1) * z2 + h1 * (1 - z2)
    assert run("mut1", p) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_mut3_by_hand() -> None:
    p = {"W_z": 0.9, "U_z": 2.1, "b_z": -0.2, "W_r": 0.4, "U_r": -1.3, "b_r": 0.3, "W_h": 0.6, "U_h": 1.7, "b_h": -0.1}
    h1 = tanh(0.6 * 0.5 - 0.1) * logistic(0.9 * 0.5 - 0.2)
    z2 = logistic(0.9 * -1.25 + 2.1 * tanh(h1) - 0.2)
    r2 = logistic(0.4 * -1.25 - 1.3 * h1 + 0.3)
    h2 = tanh(1.7 * r2 * h1 + 0.6 * -1.25 - 0.1) * z2 + h1 * (1 - z2)
    assert run("mut3", p) == pytest.approx([h1, h2], abs=ABSOLUTE)


def test_gru_reset_before_by_hand() -> None:
    p = {"W_z": 0.9, "U_z": 2.1, "b_z": -0.2, "W_r": 0.4, "U_r": -1.3, "b_r": 0.3, "W_h": 0.6, "U_h": 1.7, "b_h": -0.1}
    h1 = (1 - logistic(0.9 * 0.5 - 0.2)) * tanh(0.6 * 0.5 - 0.1)
    z2, r2 = logistic(0.9 * -1.25 + 2.1 * h1 - 0.2), logistic(0.4 * -1.25 - 1.3 * h1 + 0.3)
    h2 = z2 * h1 + (1 - z2) * tanh(0.6 * -1.25 + 1.7 * (r2 * h1) - 0.1)
    assert run("gru_reset_before", p) == pytest.approx([h1, h2], abs=ABSOLUTE)
