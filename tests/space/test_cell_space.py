"""Spaces over equations: text put into formulas, laziness, mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from archsearch.errors import InvalidInput, one_of
from archsearch.schema.cell import Gate
from archsearch.schema.validation import MOST_PROBLEMS
from archsearch.space import load_space
from archsearch.space.size import every_configuration
from tests.space.spaces import Answering, Watching, cell_space

KEEP_BOTH, KEEP_COUPLED = "f * c_prev + i * g", "f * c_prev + (1 - f) * g"


def formulas(equations: str, holes: str) -> list[object]:
    return [configuration.cell.equations["h"] for configuration in every_configuration(cell_space(equations, holes))]


def test_a_hole_may_be_an_operand_a_function_or_an_operator() -> None:
    assert formulas("    h: $phi(x $op $what)", '  phi: [tanh, relu]\n  op: ["*"]\n  what: [h_prev, 0.5]') == [
        "tanh(x * h_prev)",
        "tanh(x * 0.5)",
        "relu(x * h_prev)",
        "relu(x * 0.5)",
    ]


def test_an_operand_with_operations_is_put_in_parentheses() -> None:
    assert formulas("    h: 2 * $what", "  what: [x + h_prev, -1, x, tanh(x), -x]") == [
        "2 * (x + h_prev)",
        "2 * (-1)",
        "2 * x",
        "2 * (tanh(x))",
        "2 * (-x)",
    ]


def test_a_hole_may_be_a_whole_value() -> None:
    space = cell_space(
        "    h: {linear: $reads, diagonal: $peep, bias: $start, activation: $phi}",
        "  reads: {subset_of: [x, h_prev], at_least: 2}\n  peep: {one_of: {some: [h_prev], none: []}}\n"
        "  start: [none, 1, 0.5]\n  phi: [tanh, identity]",
    )
    found = [configuration.cell.equations["h"] for configuration in every_configuration(space)]
    assert len(found) == 2 * 3 * 2
    assert found[0] == Gate(linear=["x", "h_prev"], diagonal=["h_prev"], bias="none", activation="tanh")
    assert found[-1] == Gate(linear=["x", "h_prev"], diagonal=[], bias=0.5, activation="identity")


def test_a_hole_may_be_an_equation_an_output_a_gate_or_an_initial_value() -> None:
    space = load_space(
        "space: test\ncell:\n  states: {h: $start}\n  output: $out\n  equations:\n    h: $what\n    y: tanh(h)\n"
        "holes:\n  start: [0, 0.5]\n  out: [h, y]\n"
        "  what: {one_of: {gate: {linear: [x, h_prev]}, formula: x + h_prev}}\n"
    )
    configurations = list(every_configuration(space))
    assert len(configurations) == 8
    assert {configuration.cell.output for configuration in configurations} == {"h", "y"}
    assert {configuration.cell.states["h"] for configuration in configurations} == {0.0, 0.5}
    assert {type(configuration.cell.equations["h"]) for configuration in configurations} == {Gate, str}


def test_one_answer_serves_every_place() -> None:
    space = cell_space("    a: $phi(x)\n    h: $phi(a) + h_prev", "  phi: [tanh, relu]")
    for configuration in every_configuration(space):
        phi = configuration.choices["phi"]
        assert configuration.cell.equations == {"a": f"{phi}(x)", "h": f"{phi}(a) + h_prev"}


def test_a_hole_that_is_not_read_is_never_asked() -> None:
    space = load_space("two_timescales")
    both, coupled = (Answering(keep=keep) for keep in (KEEP_BOTH, KEEP_COUPLED))
    reads = {"reads.x", "reads.h_prev", "reads.s_prev"}
    assert space.fill(both).cell.equations.keys() == set("figcsh")
    assert set(both.asked) >= {"reads.x", "reads.h_prev"}  # no to both, so s_prev is in without being asked
    assert "i" not in space.fill(coupled).cell.equations
    assert not set(coupled.asked) & reads
    assert {name for configuration in every_configuration(space) for name in configuration.choices} == {
        *("phi", "op", "keep", "peep.c_prev"),
        *reads,
    }


def test_questions_come_from_the_output_backwards() -> None:
    chooser = Watching()
    load_space("two_timescales").fill(chooser)
    assert chooser.asked[:3] == ["phi", "op", "keep"]


def test_equations_that_drop_out_take_their_states_along() -> None:
    space = cell_space(
        "    s: 0.5 * s_prev + $slow(x)\n    h: $what + h_prev",
        "  slow: [tanh, relu]\n  what: [s, x]",
        states="{h: 0, s: 0}",
    )
    with_s, again, without_s = (configuration for configuration in every_configuration(space))
    assert set(with_s.cell.states) == set(again.cell.states) == {"h", "s"}
    assert (set(without_s.cell.states), without_s.choices) == ({"h"}, {"what": "x"})


def test_a_state_is_followed_through_the_step_before() -> None:
    space = cell_space("    h: tanh(s_prev) * h_prev\n    s: $what(x)", "  what: [tanh, relu]", states="{h: 0, s: 0}")
    assert len(list(every_configuration(space))) == 2


def test_the_order_of_the_file_is_kept() -> None:
    for configuration in every_configuration(load_space("two_timescales")):
        equations = list(configuration.cell.equations)
        assert equations == [name for name in "figcsh" if name in equations]


def test_a_shipped_cell_without_holes_is_a_space_of_one() -> None:
    (configuration,) = every_configuration(load_space("space: test\ncell: lstm\n"))
    assert (configuration.cell.cell, configuration.choices, configuration.line) == ("test", {}, "as given")


def test_a_configuration_tells_its_choices_in_a_line() -> None:
    first = next(every_configuration(load_space("two_timescales")))
    assert first.line == "phi=tanh, op=+, keep=f * c_prev + i * g, peep(none), reads(s_prev)"


@pytest.mark.parametrize(
    ("equations", "holes", "message"),
    [
        ("    h: $phi(x)", "  psi: [tanh]", r"<text>:6:8: cell.equations.h: the hole '\$phi' is not in the table; "),
        ("    h: tanh(x)", "  phi: [tanh]", r"<text>:8:3: holes.phi: nothing uses the hole '\$phi'; remove it"),
        ("    h: {linear: [$a]}", "  b: [x]", r"cell.equations.h.linear\[0\]: the hole '\$a' is not in the table"),
    ],
)
def test_holes_and_their_uses_belong_together(equations: str, holes: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        cell_space(equations, holes)


def test_a_missing_and_an_unused_hole_are_two_problems() -> None:
    with pytest.raises(InvalidInput) as caught:
        cell_space("    h: $phi(x)", "  keep: [tanh]")
    assert len(caught.value.problems) == 2


def test_a_hole_whose_use_is_misspelt_is_not_called_unused_as_well() -> None:
    with pytest.raises(InvalidInput) as caught:
        cell_space("    h: $kep(x)", "  keep: [tanh]")
    (problem,) = caught.value.problems
    assert (problem.what, problem.allowed[:22]) == ("the hole '$kep' is not in the table", "did you mean 'keep'? a")


@pytest.mark.parametrize(
    ("option", "path"),
    [(".nan", ("low",)), (".inf", ("low",)), ("{linear: [x], bias: .inf}", ("low", "bias")), ("[0, .nan]", ("low", 1))],
)
def test_numbers_that_no_cell_may_hold_are_no_options(option: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        cell_space("    h: $what", f"  what: {{one_of: {{low: {option}, fine: x + h_prev}}}}")
    (problem,) = caught.value.problems
    assert (problem.what, problem.path) == ("must be a finite number or -.inf", ("holes", "what", "one_of", *path))


def test_of_many_problems_the_first_are_looked_for_and_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def suggest(known: Iterable[str], wrong: str = "") -> str:
        made.append(wrong)
        return one_of(known, wrong)

    monkeypatch.setattr("archsearch.space.cell_space.one_of", suggest)
    with pytest.raises(InvalidInput) as caught:
        cell_space(f"    h: {' '.join(f'$a{number}' for number in range(500))}", "  phi: [tanh]")
    found = caught.value.problems
    assert len(found) == MOST_PROBLEMS + 1
    assert [each.what for each in found[:-1]] == [f"the hole '$a{number}' is not in the table" for number in range(20)]
    assert (found[-1].what, found[-1].path) == ("more problems from here on", ("cell", "equations", "h"))
    assert len(made) == len(found), "those that are not told are not looked for"


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("y", "cell.equations.h: nothing is called 'y' (with what=y)"),
        ("tahn(x)", "cell.equations.h: no function is called 'tahn' (with what=tahn(x)); did you mean 'tanh'?"),
        ("x[0]", "cell.equations.h: 'x[0]' has no place in a formula (with what=x[0])"),
        ("__import__(x)", "cell.equations.h: no function is called '__import__' (with what=__import__(x))"),
        ("2) + (3", "cell.equations.h: '2) + (3 + h_prev' is not a formula (with what=2) + (3)"),
    ],
)
def test_an_option_that_makes_no_sound_cell_is_named(what: str, message: str) -> None:
    configurations = every_configuration(cell_space("    h: $what + h_prev", f'  what: [x, "{what}"]'))
    next(configurations)
    with pytest.raises(InvalidInput, match=re.escape(message)):
        next(configurations)


def test_structure_has_no_place_inside_a_formula() -> None:
    space = cell_space("    h: 2 * $what + h_prev", "  what: {one_of: {a: x, b: [x, h_prev]}}")
    configurations = every_configuration(space)
    assert next(configurations).cell.equations["h"] == "2 * x + h_prev"
    with pytest.raises(InvalidInput, match=r"holes.what: an option with structure cannot stand inside a formula"):
        next(configurations)
