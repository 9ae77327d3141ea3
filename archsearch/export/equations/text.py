"""Equations as text, as in a paper: `sigmoid(W·x + W·h_prev + p⊙c_prev + b)`."""

from __future__ import annotations

import re

from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell, Equation, Gate

_SIMPLE = re.compile(r"[A-Za-z0-9_]+")


def spell_equations(cell: Cell) -> dict[str, str]:
    """The right-hand side of each equation, by name."""
    return {name: spell_equation(equation) for name, equation in cell.equations.items()}


def spell_equation(equation: Equation) -> str:
    """A right-hand side; the number that a bias starts at is said where it is not 0."""
    return _gate(equation) if isinstance(equation, Gate) else str(equation)


def _gate(gate: Gate) -> str:
    terms = [f"W·{_factor(text)}" for text in gate.linear] + [f"p⊙{_factor(text)}" for text in gate.diagonal]
    if gate.bias != "none":
        terms.append("b")
    total = " + ".join(terms) or "0"
    text = total if gate.activation == "identity" else f"{gate.activation}({total})"
    return f"{text}   b from {spell(gate.bias)}" if isinstance(gate.bias, float) and gate.bias else text


def _factor(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"
