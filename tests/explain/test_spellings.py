"""However an architecture is written down, the same is said of it."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import pytest

from archsearch.explain.difference import compare
from archsearch.explain.nearest import find_nearest, role_differences
from archsearch.explain.recognition import COMPOUND
from archsearch.explain.viewed import Viewed, view
from archsearch.registry import shipped_names
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from tests.ir.cells import cell, gate, identity, with_equations
from tests.ir.random_cells import random_cell
from tests.ir.respelling import RESPELLINGS
from tests.ir.test_wiring import EVERYTHING

NAMES = sorted({*shipped_names("spaces/cells"), *shipped_names("spaces/wirings")})

LSTM = cell(
    {
        "i": gate("x", "h_prev"),
        "f": gate("x", "h_prev"),
        "g": gate("x", "h_prev"),
        "o": gate("x", "h_prev"),
        "c": "sigmoid(f) * c_prev + sigmoid(i) * tanh(g)",
        "h": "sigmoid(o) * tanh(c)",
    },
    ("h", "c"),
)
"""The long short-term memory with its gates inside the formulas."""


def said(viewed: Viewed, text: str) -> str:
    """A sentence without the names of equations."""
    known = [*viewed.cell.equations, *viewed.cell.states]
    words = sorted({*known, *(f"{name}_prev" for name in known)}, key=len, reverse=True)
    return re.sub(rf"( ?)\b({'|'.join(map(re.escape, words))})\b", "", text)


def told(of: Cell) -> dict[str, Any]:
    """What is found out about a cell, without names."""
    viewed, nearest = view(of), find_nearest(of)
    assert nearest is not None
    updates = viewed.roles.updates.values()
    return {
        "roles": Counter(
            (role.use, role.share_kept, role.before) for found in viewed.roles.gates.values() for role in found
        ),
        "gates": Counter(tuple(sorted(role.use for role in found)) for found in viewed.roles.gates.values()),
        "cell inputs": len(viewed.roles.cell_inputs),
        "updates": Counter((len(update.kept), len(update.written)) for update in updates),
        "nearest": (nearest.name, nearest.measure, nearest.distance, nearest.line, nearest.also),
    }


def titled(of: Cell) -> Counter[str]:
    """The sentences of equations that have a role of their own, without names."""
    viewed = view(of)
    return Counter(
        said(viewed, str(viewed.sentences[name]))
        for name, title in viewed.titles.items()
        if title not in ("", "unused", "part") and not title.endswith(", coupled")
    )


def names_more(of: Cell) -> bool:
    """Whether values without a role have names."""
    viewed = view(of)
    return any(value == name and not viewed.titles[name] for name, value in viewed.values.meanings.items())


def assert_told_alike(one: Cell, other: Cell) -> None:
    """Raise AssertionError unless the same is said of both, apart from names."""
    assert identity(one) == identity(other)
    assert told(one) == told(other)
    assert not role_differences(one, other)
    found = compare(view(one), view(other))
    assert found.same_architecture
    assert found.verdict.startswith("the same architecture")
    if names_more(one) or names_more(other):  # and so uses these names in its sentences
        return
    mine, theirs = titled(one), titled(other)
    assert not (mine - theirs if len(mine) < len(theirs) else theirs - mine), (mine - theirs, theirs - mine)


def test_gates_inside_formulas_are_those_of_the_textbook() -> None:
    assert_told_alike(load_cell("lstm"), LSTM)
    viewed, textbook = view(LSTM), view(load_cell("lstm"))
    assert viewed.titles == textbook.titles
    assert {name: str(text) for name, text in viewed.sentences.items()} == {
        name: str(text) for name, text in textbook.sentences.items()
    }
    changed = with_equations(LSTM, h="sigmoid(o) * relu(c)")
    nearest = find_nearest(changed)
    assert nearest is not None
    assert (nearest.measure, nearest.line) == ("wiring", "lstm, squash relu")


@pytest.mark.parametrize("way", RESPELLINGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_spelling_of_a_shipped_cell_is_told_alike(name: str, way: str) -> None:
    original = load_cell(name)
    assert_told_alike(original, RESPELLINGS[way](original, random.Random(1)))


@pytest.mark.parametrize("way", RESPELLINGS)
def test_every_spelling_of_a_cell_of_a_space_is_told_alike(way: str) -> None:
    generator = random.Random(2)
    for space in (EVERYTHING, "two_timescales", "lstm_to_gru"):
        for _ in range(8):
            original = load_space(space).fill(RandomChooser(generator)).cell
            assert_told_alike(original, RESPELLINGS[way](original, generator))


@pytest.mark.parametrize("way", RESPELLINGS)
def test_every_spelling_of_a_random_cell_is_told_alike(way: str) -> None:
    generator = random.Random(3)
    for _ in range(25):
        original = random_cell(generator)
        assert_told_alike(original, RESPELLINGS[way](original, generator))


@pytest.mark.parametrize("activation", COMPOUND)
def test_activations_are_found_wherever_they_stand(activation: str) -> None:
    lstm = load_cell("lstm")
    original = with_equations(lstm, g=gate("x", "h_prev", activation=activation))
    apart = with_equations(lstm, g=gate("x", "h_prev"), c=f"f * c_prev + i * {activation}(g)")
    assert_told_alike(original, apart)
    assert activation in str(view(apart).sentences["g"])
    added = {"c": "f * c_prev + g", "g": gate("x", activation=activation)}
    inside = {"c": f"f * c_prev + {activation}(g)", "g": gate("x")}
    assert_told_alike(with_equations(lstm, **added), with_equations(lstm, **inside))


def test_the_comparison_fails_on_another_architecture() -> None:
    for other in ("gru", "peephole_lstm", "cifg"):
        with pytest.raises(AssertionError):
            assert_told_alike(load_cell("lstm"), load_cell(other))


@pytest.mark.parametrize("formula", ["tanh({0})", "{0} + {0}", "{0} * {0}", "max({0}, -{0})", "softplus({0})"])
def test_long_chains_are_told_in_bounds(formula: str) -> None:
    equations: dict[str, Any] = {"a0": gate("x", "h_prev")}
    equations |= {f"a{number}": formula.format(f"a{number - 1}") for number in range(1, 100)}
    viewed = view(cell(equations | {"h": "a99 + h_prev"}))
    assert max(len(str(sentence)) for sentence in viewed.sentences.values()) < 1000
