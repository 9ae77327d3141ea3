"""Small random cells, from a vocabulary so narrow that the same architecture comes up often."""

from __future__ import annotations

import random
from typing import Any

from archsearch.schema.cell import Cell
from tests.ir.cells import cell

FORMULAS = (
    "{} + {}",
    "{} * {}",
    "{} - {}",
    "{} * {} + {} * {}",
    "{} * {} + (1 - {}) * {}",
    "tanh({} + {})",
    "tanh({}) * {}",
    "max({}, {})",
    "{} / {}",
    "0.5 * {} + 0.5 * {}",
    "{}",
)


def random_cell(generator: random.Random, most_gates: int = 4) -> Cell:
    """A cell of one to `most_gates` gates and one to three states; parts of it may be dead."""
    states = ["h", "s", "t"][: generator.randint(1, 3)]
    values = ["x", *(f"{state}_prev" for state in states)]
    equations: dict[str, Any] = {}
    for index in range(generator.randint(1, most_gates)):
        name = f"g{index}"
        equations[name] = _gate(generator, values)
        values.append(name)
    for state in reversed(states):
        equations[state] = _formula(generator, values)
        values.append(state)
    return cell(equations, states)


def _gate(generator: random.Random, values: list[str]) -> dict[str, Any]:
    few = values[: 3 if generator.random() < 0.8 else None]
    return {
        "linear": generator.sample(few, generator.randint(1, min(2, len(few)))),
        "diagonal": [generator.choice(values)] if generator.random() < 0.2 else [],
        "bias": "none" if generator.random() < 0.2 else 0.0,
        "activation": generator.choice(["identity", "sigmoid", "sigmoid", "relu"]),
    }


def _formula(generator: random.Random, values: list[str]) -> str:
    formula = generator.choice(FORMULAS)
    return formula.format(*(generator.choice(values) for _ in range(formula.count("{}"))))
