"""Cells at the edges of the language, for every backend."""

from __future__ import annotations

import math
from typing import Any

from archsearch.formula import ACTIVATIONS
from archsearch.schema.cell import Cell
from tests.ir.cells import cell, gate, sigmoid

ALL_ACTIVATIONS: dict[str, Any] = {
    f"a_{name}": gate("x", "h_prev", activation=name, bias="none") for name in ACTIVATIONS if name != "exp"
}

SLSTM = cell(
    {  # Beck et al. 2024, xLSTM: a stabiliser that starts at minus infinity
        "ii": gate("x", "h_prev"),
        "ff": gate("x", "h_prev"),
        "z": gate("x", "h_prev", activation="tanh"),
        "o": sigmoid("x", "h_prev"),
        "m": "max(logsigmoid(ff) + m_prev, ii)",
        "i": "exp(ii - m)",
        "f": "exp(logsigmoid(ff) + m_prev - m)",
        "c": "f * c_prev + i * z",
        "n": "f * n_prev + i",
        "h": "o * c / n",
    },
    {"h": 0.0, "c": 0.0, "n": 0.0, "m": -math.inf},
)

ODD_CELLS: dict[str, Cell] = {
    "a constant": cell({"h": "0.5"}),
    "the input itself": cell({"h": "x"}),
    "the state itself": cell({"h": "h_prev + 0 * x"}),
    "no parameters": cell({"h": "0.5 * h_prev + 0.5 * x"}),
    "nothing recurrent": cell({"h": gate("x", activation="tanh")}),
    "no input": cell({"h": gate("h_prev", activation="tanh", bias=0.5)}),
    "a bias alone": cell({"b": {"bias": 0.5}, "h": "b + h_prev * x"}),
    "a bias alone as output": cell({"h": {"bias": 0.5, "activation": "tanh"}}),
    "diagonals alone": cell({"h": {"diagonal": ["x", "h_prev"], "bias": "none", "activation": "tanh"}}),
    "a diagonal and a bias": cell({"h": {"diagonal": ["h_prev"], "activation": "tanh"}, "y": "h + x"}, output="y"),
    "formulas inside gates": cell({"h": gate("x * 0.5", "h_prev - 1", diagonal=["1 - h_prev"], activation="tanh")}),
    "the same value twice": cell({"h": gate("x", "x", "h_prev", "h_prev", activation="tanh")}),
    "a diagonal beside a matrix": cell({"h": gate("h_prev", "x", diagonal=["h_prev", "x"], activation="tanh")}),
    "a constant state": cell({"s": "0.25", "h": gate("x", "s_prev", "h_prev", activation="tanh")}, states=("h", "s")),
    "a state that is another": cell({"h": gate("x", "s_prev"), "s": "tanh(h)", "t": "s"}, ("h", "s", "t"), "t"),
    "a delay line": cell({"b": "a_prev", "a": "x", "h": gate("b", "a_prev", "h_prev")}, ("h", "a", "b")),
    "an output that is no state": cell({"s": gate("x", "s_prev"), "y": "tanh(s) * x"}, ("s",), "y"),
    "the state before as output": cell({"h": gate("x", "h_prev"), "y": "h_prev"}, output="y"),
    "three stages": cell({"a": gate("x", "h_prev"), "b": gate("tanh(a)"), "h": gate("sin(b)", activation="tanh")}),
    "a product of the new state": cell({"h": gate("x", "h_prev", activation="tanh"), "y": gate("h", "x")}, output="y"),
    "other initial values": cell({"h": gate("x", "h_prev", "s_prev"), "s": "tanh(h)"}, {"h": 0.5, "s": -2.0}),
    "names of torch": cell({"type": gate("x"), "to": sigmoid("h_prev"), "training": "type * to", "h": "training"}),
    "every activation": cell({**ALL_ACTIVATIONS, "h": f"tanh({' + '.join(ALL_ACTIVATIONS)})"}),
    "every primitive": cell(
        {
            "a": gate("x", "h_prev", activation="tanh"),
            "b": sigmoid("x", "h_prev"),
            "p": "add(a, b) * sub(a, b) / (2 + mul(a, b))",
            "q": "max(a, b) - min(a, h_prev) + neg(a) * exp(b)",
            "r": "log(1 + b) + div(a, 1 + b) + sin(a) * gt(a, x) + gt(h_prev, 0)",
            "h": "tanh(p + q) * sigmoid(r)",
        }
    ),
    "numbers on both sides": cell(
        {
            "a": gate("x", "h_prev"),
            "p": "max(a, 0.1) + max(-0.1, a) + min(a, 0.2) + min(0.3, a)",
            "q": "1 - a + (a - 1) + 2 / (3 + a * a) + a / 4 + gt(a, 0.1) + gt(0.2, a)",
            "h": "tanh(p * q)",
        }
    ),
    "sLSTM": SLSTM,
}
"""All run with input size 3 and hidden size 3; those that read no bare x run with others too."""
