"""Equations as text, as in a paper: `sigmoid(W·x + W·h_prev + p⊙c_prev + b(0))`.

What is trained stands before `·` or `⊙`, or is a bias with the number that it starts at. No formula has these signs, or
a function `b`, so that values may be called `W`, `p` or `b`.
"""

from __future__ import annotations

import re

from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell, Equation, Gate

_SIMPLE = re.compile(r"[A-Za-z0-9_]+")


def spell_equations(cell: Cell) -> dict[str, str]:
    """The right-hand side of each equation, by name."""
    return {name: spell_equation(equation) for name, equation in cell.equations.items()}


def spell_equation(equation: Equation) -> str:
    """A right-hand side."""
    return _gate(equation) if isinstance(equation, Gate) else str(equation)


def spell_bias(equation: Equation) -> str:
    """The number that a bias starts at; empty where that is 0 or there is no bias."""
    bias = equation.bias if isinstance(equation, Gate) else None
    return spell(bias) if isinstance(bias, float) and bias else ""


def _gate(gate: Gate) -> str:
    terms = [f"W·{_factor(text)}" for text in gate.linear] + [f"p⊙{_factor(text)}" for text in gate.diagonal]
    if gate.bias != "none":
        terms.append(f"b({spell(float(gate.bias))})")
    total = " + ".join(terms) or "0"
    return total if gate.activation == "identity" else f"{gate.activation}({total})"


def _factor(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"
