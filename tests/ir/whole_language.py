"""Random cells from the whole language: every primitive, every way of reading, writing and handing on."""

from __future__ import annotations

import random
from typing import Any

from archsearch.formula import ACTIVATIONS
from archsearch.schema.cell import Cell
from tests.ir.cells import cell

# Written so that values stay small over some steps and no quotient or logarithm comes near its pole.
FORMULAS = (
    "{0} + {1}",
    "{0} - {1} * {2}",
    "{0} / (1.5 + {1} * {1})",
    "max({0}, {1}) - min({2}, {1})",
    "max({0}, 0.1) * min(-0.2, {1})",
    "-{0} * exp(-({1} * {1}))",
    "log(1.1 + {0} * {0})",
    "tanh({0}) + 1 - {1}",
    "sigmoid({0}) * {1} + (1 - sigmoid({0})) * {2}",
    "sin({0}) * {1}",
    "gt({0}, {1}) * {2} + gt(0.3, {0}) * {1}",
    "0.9 * {0} + 0.1 * {1}",
    "{0} / 4 - 2 / (3 + {1} * {1})",
    "softsign({0}) + leaky_relu({1})",
    "{0}",
    "0.5 * {0} + 0.25",
)
STATES = ("h", "s", "t", "d")


def random_cell(generator: random.Random) -> Cell:
    """A cell of one to five gates, up to three further values and one to four states; parts of it may be dead."""
    states = STATES[: generator.randint(1, len(STATES))]
    values = ["x", *(f"{state}_prev" for state in states)]
    equations: dict[str, Any] = {}
    for index in range(generator.randint(1, 5)):
        equations[f"g{index}"] = _gate(generator, values)
        values.append(f"g{index}")
    for index in range(generator.randint(0, 3)):
        equations[f"v{index}"] = _formula(generator, values)
        values.append(f"v{index}")
    for state in reversed(states):
        equations[state] = _next(generator, values)
        values.append(state)
    if generator.random() < 0.3:
        equations["y"] = _formula(generator, values)
    output = "y" if "y" in equations else generator.choice(states)
    return cell(equations, {state: generator.choice([0.0, 0.0, 0.5, -1.0]) for state in states}, output)


def _gate(generator: random.Random, values: list[str]) -> dict[str, Any]:
    linear = [_read(generator, values) for _ in range(generator.choice([0, 1, 1, 2, 2, 2, 3]))]
    diagonal = [_read(generator, values) for _ in range(generator.choice([0, 0, 0, 1, 2]))]
    bare = generator.random() < 0.2 and (linear or diagonal)
    return {
        "linear": linear,
        "diagonal": diagonal,
        "bias": "none" if bare else generator.choice([0.0, 1.0]),
        "activation": generator.choice([name for name in ACTIVATIONS if name != "exp"]),
    }


def _read(generator: random.Random, values: list[str]) -> str:
    value = generator.choice(values)
    return f"tanh({value})" if generator.random() < 0.2 else value


def _next(generator: random.Random, values: list[str]) -> str:
    """What becomes of a state: computed, bounded, a value as it is (a past one, the input), or a constant."""
    kind = generator.random()
    if kind < 0.25:
        return generator.choice(values)
    if kind < 0.3:
        return "0.25"
    formula = _formula(generator, values)
    return f"tanh({formula})" if kind < 0.8 else f"0.5 * ({formula})"


def _formula(generator: random.Random, values: list[str]) -> str:
    return generator.choice(FORMULAS).format(*generator.choices(values, k=3))
