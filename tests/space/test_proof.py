"""What validate proves of a space, and that untrue promises are found out."""

from __future__ import annotations

import pytest

from archsearch.errors import InvalidInput
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.space import RecordedChooser, load_cell, load_space
from archsearch.space.proof import prove
from tests.space.spaces import cell_space, wiring_space


@pytest.mark.parametrize("name", ["lstm_to_gru", "two_timescales"])
def test_what_a_shipped_space_promises_is_among_its_configurations(name: str) -> None:
    space = load_space(name)
    found = prove(space)
    assert set(found) == set(space.definition.contains)
    for cell, choices in found.items():
        configuration = space.fill(RecordedChooser(choices))
        assert arch_id(configuration.ir) == arch_id(lower(load_cell(cell)))


def test_an_untrue_promise_is_an_error_with_its_place() -> None:
    space = load_space("space: test\nwiring: lstm\nholes: {cell_input: [tanh, relu]}\ncontains: [lstm, gru, mgu]\n")
    with pytest.raises(InvalidInput) as caught:
        prove(space)
    assert [str(problem) for problem in caught.value.problems] == [
        "contains[1]: gru is not among all configurations; remove it or widen the space",
        "contains[2]: mgu is not among all configurations; remove it or widen the space",
    ]


def test_a_promise_of_an_unknown_cell_is_an_error_with_its_place() -> None:
    space = wiring_space("  cell_input: [tanh, relu]", contains="[lstm, gur]")
    with pytest.raises(InvalidInput, match=r"^contains\[1\]: no shipped cell or wiring is called 'gur'; did you mean"):
        prove(space)


def test_a_promise_may_be_kept_by_equations() -> None:
    space = cell_space(
        "    a: {linear: [x, $what], activation: tanh}\n    h: a", "  what: [h_prev, x]", contains="[rnn]"
    )
    assert prove(space) == {"rnn": {"what": "h_prev"}}


def test_a_large_space_says_that_not_all_was_tried() -> None:
    space = wiring_space("  cell_input: [tanh, relu]", contains="[gru]")
    with pytest.raises(InvalidInput, match=r"gru is not among the configurations tried \(the space is too large"):
        prove(space, limit=1)


def test_in_a_large_space_textbook_wirings_are_found_by_going_there() -> None:
    space = load_space("lstm_to_gru")
    assert set(prove(space, limit=1)) == set(space.definition.contains)


@pytest.mark.parametrize("limit", [1, 1000])
def test_one_unsound_configuration_is_enough(limit: int) -> None:
    options = ", ".join(f"x + {number}" for number in range(40))
    space = cell_space("    h: $what + h_prev", f"  what: [{options}, x + y]")
    with pytest.raises(InvalidInput, match=r"cell.equations.h: nothing is called 'y' \(with what=x \+ y\)"):
        prove(space, limit=limit)


def test_in_a_large_space_every_option_is_tried_at_least_once() -> None:
    """One bad option among thirty, and only under one answer of another hole."""
    options = ", ".join(f"x + {number}" for number in range(30))
    space = cell_space(
        "    b: $what\n    h: $path + h_prev", f"  what: [{options}, x + y]\n  path: [x, tanh(x), relu(x), b]"
    )
    with pytest.raises(InvalidInput, match="nothing is called 'y'"):
        prove(space, limit=1, seed=0)
