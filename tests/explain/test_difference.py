"""Two cells side by side: symmetric, and the same under other names and in another order."""

from __future__ import annotations

import itertools
import random

import pytest

from archsearch.explain.difference import Difference, compare
from archsearch.explain.viewed import view
from archsearch.registry import shipped_names
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from archsearch.space.library import load_cell as load_any
from tests.ir.cells import cell, disguised, gate, renamed, shuffled, sigmoid, with_equations
from tests.ir.random_cells import random_cell

NAMES = shipped_names("spaces/cells")
_OTHER = {"same": "same", "renamed": "renamed", "changed": "changed", "left": "right", "right": "left"}


def between(left: str | Cell, right: str | Cell) -> Difference:
    """The difference of two cells, shipped ones by name."""
    cells = [load_any(one) if isinstance(one, str) else one for one in (left, right)]
    return compare(view(cells[0]), view(cells[1]))


def statuses(found: Difference) -> dict[str, str]:
    """Each equation's status, by its name on the left, or on the right where the left has none."""
    return {str(pair.left or pair.right): pair.status for pair in found.equations}


def assert_mirrored(one: Difference, other: Difference) -> None:
    """Raise AssertionError unless the two say the same, left and right swapped."""
    assert one.same_architecture == other.same_architecture
    pairs = {(_OTHER[pair.status], pair.right, pair.left) for pair in one.equations}
    assert pairs == {(pair.status, pair.left, pair.right) for pair in other.equations}


def test_it_is_symmetric_for_pairs_of_textbook_cells() -> None:
    for left, right in random.Random(1).sample(list(itertools.combinations(NAMES, 2)), 50):
        assert_mirrored(between(left, right), between(right, left))


def test_it_is_symmetric_for_random_cells() -> None:
    generator, opened = random.Random(1), load_space("two_timescales")
    cells = [random_cell(generator) for _ in range(8)]
    cells += [opened.fill(RandomChooser(generator)).cell for _ in range(4)]
    for left, right in itertools.combinations(cells, 2):
        assert_mirrored(between(left, right), between(right, left))


def test_the_check_of_symmetry_can_fail() -> None:
    with pytest.raises(AssertionError):
        assert_mirrored(between("lstm", "gru"), between("gru", "rnn"))


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_does_not_differ_from_itself(name: str) -> None:
    found = between(name, name)
    assert found.verdict == "the same architecture"
    assert set(statuses(found).values()) == {"same"}
    assert all(pair.left == pair.right for pair in found.equations)


@pytest.mark.parametrize("name", NAMES)
def test_renaming_and_reordering_leave_the_same_architecture(name: str) -> None:
    original = load_cell(name)
    other = disguised(original, random.Random(1))
    found = between(original, other)
    assert found.same_architecture
    assert set(statuses(found).values()) == {"renamed"}
    assert found.verdict.startswith("the same architecture, equations renamed")


def test_random_cells_are_matched_by_their_place_in_the_architecture() -> None:
    generator = random.Random(2)
    for _ in range(40):
        original = random_cell(generator)
        live = {name for name, title in between(original, original).left.titles.items() if title != "unused"}
        names = {name: f"q{index}" for index, name in enumerate(original.equations)}
        found = between(original, shuffled(renamed(original, names), generator))
        assert found.same_architecture
        changed = {name for name, status in statuses(found).items() if status != "renamed"}
        assert not changed & live, (original, found.equations)


def test_two_gates_alike_are_kept_apart() -> None:
    original = cell({"a": sigmoid("x"), "b": sigmoid("x"), "s": "a * tanh(b)", "t": "b * tanh(a)", "h": "s + t"})
    found = between(original, renamed(original, {"a": "b", "b": "a", "s": "t", "t": "s"}))
    assert found.same_architecture
    assert set(statuses(found).values()) <= {"same", "renamed"}


def test_a_new_order_alone_is_said() -> None:
    lstm = load_cell("lstm")
    equations = dict(sorted(lstm.equations.items(), key=lambda item: "gfiohc".index(item[0]) if item[0] != "h" else 9))
    found = between(lstm, cell(equations, lstm.states))
    assert found.verdict == "the same architecture, in another order"


def test_another_way_to_write_it_is_said() -> None:
    found = between("cifg", with_equations(load_cell("cifg"), c="f * c_prev + (1 - f) * g"))
    assert found.verdict == "the same architecture, written differently"
    assert statuses(found)["c"] == "changed"


def test_starting_values_are_no_other_architecture() -> None:
    found = between("lstm", "lstm_b")
    assert found.verdict == "the same architecture, with other starting values"
    assert [pair.left for pair in found.equations if pair.only_start] == ["f"]


def test_the_lstm_and_the_gru() -> None:
    found = between("lstm", "gru")
    assert found.verdict == "different architectures"
    assert statuses(found) == {
        **{"i": "left", "f": "left", "o": "left", "c": "left", "g": "changed", "h": "changed"},
        **{"r": "right", "z": "right", "nx": "right", "nh": "right"},
    }


def test_equations_meet_by_what_they_are_for() -> None:
    swapped = with_equations(load_cell("lstm"), c="i * c_prev + f * g")
    found = between("lstm", swapped)
    assert found.same_architecture
    pairs = {pair.left: pair.right for pair in found.equations}
    assert (pairs["i"], pairs["f"], pairs["c"]) == ("f", "i", "c")


def test_one_changed_equation_is_the_only_change() -> None:
    lstm = load_cell("lstm")
    for name, other in (("g", gate("x", "h_prev", activation="relu")), ("h", "o * c"), ("f", sigmoid("x"))):
        found = statuses(between(lstm, with_equations(lstm, **{name: other})))
        assert [key for key, status in found.items() if status != "same"] == [name]


def test_peepholes_and_missing_biases_are_changes() -> None:
    found = statuses(between("lstm", "peephole_lstm"))
    assert [name for name, status in found.items() if status == "changed"] == ["i", "f", "o"]
    lstm = load_cell("lstm")
    other = with_equations(lstm, g=gate("x", "h_prev", activation="tanh", bias="none"))
    assert statuses(between(lstm, other))["g"] == "changed"
