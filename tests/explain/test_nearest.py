"""The nearest textbook cell: the cell itself where it is one, else the nearest by a distance that is one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from archsearch.explain.nearest import distance, find_nearest, parts, textbook_cells
from archsearch.explain.wiring_of import wiring_of
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.ir.normal_form import normal_form
from archsearch.ir.wiring import WiringReader, expand
from archsearch.registry import shipped_names
from archsearch.schema.cell import Cell
from archsearch.schema.wiring import WiringBody
from archsearch.space import RandomChooser, load_cell, load_space
from archsearch.space.library import textbook_wirings
from archsearch.space.line import wiring_distance, wiring_line
from tests.ir.cells import disguised, identity, with_equations
from tests.ir.random_cells import random_cell
from tests.ir.test_wiring import EVERYTHING

NAMES = sorted({*shipped_names("spaces/cells"), *shipped_names("spaces/wirings")})
TWINS = {"greff_np": "lstm", "greff_v": "peephole_lstm"}
"""Cells that are another one under a second name."""

CHANGES: dict[str, Any] = {
    "state_merging": "merged",
    "coupling": "i = 1 - f",
    "gate_recurrence": True,
    "cell_input": "relu",
    "squash": "relu",
    "peepholes": ["forget"],
    "reset": {"place": "before", "gate": "own"},
    "output": "open",
    "input": "open",
    "forget": "open",
}


def assert_own_nearest(name: str, of: Cell) -> None:
    """Raise AssertionError unless the cell is found to be the shipped one called `name`."""
    found = find_nearest(of)
    assert found is not None
    assert (found.name, found.measure, found.distance) == (TWINS.get(name, name), "identity", 0)
    assert found.name == name or name in found.also
    assert not found.differences


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_cell_is_its_own_nearest(name: str) -> None:
    assert_own_nearest(name, load_cell(name))


def test_a_disguised_cell_is_recognised() -> None:
    for name in NAMES:
        of = disguised(load_cell(name), random.Random(1))
        found = find_nearest(of)
        assert found is not None
        assert textbook_cells()[found.name].arch_id == identity(of)


def test_the_check_of_the_own_nearest_can_fail() -> None:
    with pytest.raises(AssertionError):
        assert_own_nearest("gru", load_cell("gru_reset_before"))
    with pytest.raises(AssertionError):
        assert_own_nearest("lstm", load_cell("lstm_b"))


def test_starting_values_are_the_only_difference_within_an_architecture() -> None:
    lstm = load_cell("lstm").equations
    forget = lstm["f"].model_copy(update={"bias": 2.0})  # type: ignore[union-attr]
    found = find_nearest(with_equations(load_cell("lstm"), f=forget.model_dump()))
    assert found is not None
    assert (found.line, found.measure) == ("lstm, forget bias 2", "identity")
    assert set(found.also) == {"lstm_b", "greff_np"}
    mut1 = load_cell("mut1").model_copy(update={"states": {"h": 1.0}})
    found = find_nearest(mut1)
    assert found is not None
    assert found.line == "mut1, other starting values"


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("name", [name for name in shipped_names("spaces/wirings") if not name.startswith("greff_")])
def test_one_changed_field_leads_to_the_base_or_to_what_it_really_is(name: str, field: str) -> None:
    fields = _fields(name)
    (fields if field in fields else fields["gates"])[field] = CHANGES[field]
    reader = WiringReader(WiringBody.model_validate(fields).model_dump())
    changed = expand(reader, "changed")
    found = find_nearest(changed)
    assert found is not None
    if found.measure == "identity":
        assert textbook_cells()[found.name].arch_id == identity(changed)
        return
    assert found.measure == "wiring"
    mine = wiring_of(changed)
    assert mine is not None
    assert found.distance == wiring_distance(mine, textbook_wirings()[found.name])
    assert found.distance <= wiring_distance(mine, textbook_wirings()[name])
    assert found.differences


def _fields(name: str) -> dict[str, Any]:
    from archsearch.registry import shipped_path
    from archsearch.schema.document import read_document

    data: Any = read_document(shipped_path("spaces/wirings", name)).data
    return WiringBody.model_validate({key: value for key, value in data.items() if key != "wiring"}).model_dump()


def test_a_candidate_of_a_wiring_has_the_line_that_a_board_gives_it() -> None:
    generator, opened = random.Random(2), load_space("lstm_to_gru")
    for _ in range(60):
        configuration = opened.fill(RandomChooser(generator))
        found = find_nearest(configuration.cell)
        assert found is not None
        coupled_to_nothing = (
            configuration.choices["coupling"] == "f = 1 - i" and configuration.choices["gates.input"] == "open"
        )
        if found.measure == "wiring" and not coupled_to_nothing:  # the same as a closed forget gate
            assert found.line == configuration.line


def test_every_wiring_is_read_back_whatever_its_equations_are_called() -> None:
    generator, opened = random.Random(3), load_space(EVERYTHING)
    for _ in range(150):
        of = disguised(opened.fill(RandomChooser(generator)).cell, generator)
        reads = wiring_of(of)
        assert reads is not None
        assert wiring_line(reads)


def test_what_is_no_wiring_is_not_read_as_one() -> None:
    for name in ("mut1", "mut2", "mut3"):
        assert wiring_of(load_cell(name)) is None
    lstm = load_cell("lstm")
    for update in ("f * c_prev - i * g", "f * c_prev + i * g + g", "f * f * c_prev + i * g", "f * c_prev + 2 * i * g"):
        assert wiring_of(with_equations(lstm, c=update)) is None


def test_a_cell_that_is_no_wiring_is_compared_by_its_graph() -> None:
    found = find_nearest(with_equations(load_cell("mut1"), h="n * z + 0.5 * h_prev * (1 - z)"))
    assert found is not None
    assert (found.name, found.measure) == ("mut1", "graph")
    assert found.distance > 0
    slow = load_space("two_timescales").fill(RandomChooser(random.Random(1))).cell
    found = find_nearest(slow)
    assert found is not None
    assert any(words.startswith("with ") and "slow memory" in words for words in found.differences)


def test_the_distance_of_graphs_is_a_distance() -> None:
    generator = random.Random(4)
    cells = [random_cell(generator) for _ in range(12)] + [load_cell(name) for name in ("lstm", "gru", "mut2")]
    counted = [parts(normal_form(lower(of))) for of in cells]
    for one in counted:
        assert distance(one, one) == 0
        for other in counted:
            assert distance(one, other) == distance(other, one)
            for third in counted:
                assert distance(one, third) <= distance(one, other) + distance(other, third)
    disguise = disguised(cells[0], generator)
    assert distance(counted[0], parts(normal_form(lower(disguise)))) == 0
    assert distance(counted[-1], counted[-2]) > 0


def test_the_answer_does_not_depend_on_names_or_order() -> None:
    generator = random.Random(5)
    for _ in range(20):
        of = random_cell(generator)
        assert arch_id(lower(of)) == identity(disguised(of, generator))
        one, other = find_nearest(of), find_nearest(disguised(of, generator))
        assert one is not None
        assert other is not None
        assert (one.name, one.distance, one.measure) == (other.name, other.distance, other.measure)
