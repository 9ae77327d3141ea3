"""Cells side by side: wirings field by field, rows of equations, and the cost of each."""

from __future__ import annotations

import itertools
import random

import pytest

from archsearch.findings.differences import COSTS, CellComparison, EquationRow, compare_cells
from archsearch.ir import cost, lower
from archsearch.registry import shipped_names
from archsearch.schema.sizes import Sizes
from archsearch.space.library import load_cell

NAMES = shipped_names("spaces/cells")
_OTHER = {"left": "right", "right": "left"}


def beside(*names: str) -> CellComparison:
    """Shipped cells side by side."""
    return compare_cells([load_cell(name) for name in names], [Sizes(8, 64)] * len(names))


def assert_mirrored(one: CellComparison, other: CellComparison) -> None:
    """Raise AssertionError unless the two comparisons of two cells say the same, left and right swapped."""
    assert [field.values[::-1] for field in one.wiring] == [field.values for field in other.wiring]
    assert one.cells == other.cells[::-1]
    assert sorted(map(_mirrored, one.rows), key=str) == sorted(map(_spelt, other.rows), key=str)


def _spelt(row: EquationRow) -> tuple[object, ...]:
    left, right = row.sides
    return (tuple(sorted(row.title.split(" / "))), left.name, right.name, right.status or left.status)


def _mirrored(row: EquationRow) -> tuple[object, ...]:
    titles, left, right, status = _spelt(row)
    return (titles, right, left, _OTHER.get(str(status), status))


def test_it_is_symmetric_for_pairs_of_textbook_cells() -> None:
    for left, right in random.Random(1).sample(list(itertools.combinations(NAMES, 2)), 30):
        assert_mirrored(beside(left, right), beside(right, left))


def test_the_check_of_symmetry_can_fail() -> None:
    with pytest.raises(AssertionError):
        assert_mirrored(beside("lstm", "gru"), beside("gru", "cifg"))


def test_the_wirings_of_the_lstm_and_the_gru() -> None:
    fields = {field.name: field.values for field in beside("lstm", "gru").wiring}
    assert fields["coupling"] == ("none", "i = 1 - f")
    assert fields["gates.output"] == ("gate", "open")
    assert fields["gates.reset.place"] == ("", "after")


def test_a_field_is_alike_differing_or_a_detail() -> None:
    found = beside("lstm", "gru")
    names = {field.name for field in found.wiring}
    differing, alike = {field.name for field in found.differing}, set(found.alike)
    assert not differing & alike
    assert {name for name in names - differing - alike if name.count(".") < 2} == set()
    assert "squash" in differing
    assert "gates.forget" in alike


def test_costs_are_those_of_the_instructions() -> None:
    names = ("mut1", "gru", "lstm")
    irs = [lower(load_cell(name)) for name in names]
    assert [[getattr(cell, quantity) for quantity in COSTS] for cell in beside(*names).cells] == [
        [cost.parameters(ir, 8, 64), cost.stages(ir), cost.operations(ir, 8, 64)] for ir in irs
    ]


def test_cells_that_are_not_wirings_have_no_fields_to_compare() -> None:
    assert beside("mut1", "gru").wiring == ()
    assert beside("mut2_linear", "gru_reset_before").wiring
    assert {field.values[2] for field in beside("lstm", "gru", "mut1").wiring} == {None}
