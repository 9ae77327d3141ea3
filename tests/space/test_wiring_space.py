"""Spaces over wirings: paths of fields as holes, laziness, mistakes."""

from __future__ import annotations

import itertools

import pytest

from archsearch.errors import InvalidInput
from archsearch.schema.cell import Gate
from archsearch.space import load_space
from archsearch.space.size import every_configuration
from tests.space.spaces import Answering, Watching, wiring_space


def test_a_field_may_be_filled_at_any_depth() -> None:
    space = wiring_space("  gates.forget.bias: [0, 1]\n  gates.input.activation: [sigmoid, hard_sigmoid]")
    found = [configuration.cell.equations for configuration in every_configuration(space)]
    gates = [(each["f"], each["i"]) for each in found]
    assert {(f.bias, i.activation) for f, i in gates if isinstance(f, Gate) and isinstance(i, Gate)} == set(
        itertools.product([0, 1], ["sigmoid", "hard_sigmoid"])
    )


def test_a_gate_and_its_fields_may_both_be_holes() -> None:
    space = wiring_space("  gates.input: {one_of: {gate: {bias: 5}, open: open}}\n  gates.input.bias: [1, 2]")
    found = [configuration.cell.equations.get("i") for configuration in every_configuration(space)]
    assert [gate.bias if isinstance(gate, Gate) else None for gate in found] == [1, 2, None]


def test_a_range_fills_a_bias() -> None:
    space = wiring_space("  gates.forget.bias: {float: [-1.0, 3.0]}")
    configuration = space.fill(Watching(seed=3))
    gate = configuration.cell.equations["f"]
    assert isinstance(gate, Gate)
    assert gate.bias == configuration.choices["gates.forget.bias"]
    assert -1.0 <= float(gate.bias) <= 3.0


def test_fields_of_a_gate_that_is_not_there_are_never_asked() -> None:
    space = load_space("lstm_to_gru")
    opened = Answering(gates__output="open", coupling="i = 1 - f")
    space.fill(opened)
    assert not {"gates.input", "peepholes.input", "peepholes.output"} & set(opened.asked)
    other = Answering(coupling="f = 1 - i", gates__input="open")
    space.fill(other)
    assert not {"gates.forget.bias", "peepholes.forget", "peepholes.input"} & set(other.asked)


def test_a_closed_output_asks_for_nothing_else() -> None:
    chooser = Answering(gates__output="closed")
    space = wiring_space(
        "  gates.output: {one_of: {gate: {activation: sigmoid}, closed: closed}}\n  squash: [tanh, identity]\n"
        "  cell_input: [tanh, relu]\n  peepholes: {subset_of: [input, forget, output]}"
    )
    space.fill(chooser)
    assert list(chooser.asked) == ["gates.output"]


def test_the_base_may_be_written_inside() -> None:
    inside = load_space(
        "space: test\nwiring: {coupling: i = 1 - f, squash: identity}\nholes: {cell_input: [tanh, relu]}\n"
    )
    shipped = wiring_space("  cell_input: [tanh, relu]", base="cifg")
    for one, other in zip(every_configuration(inside), every_configuration(shipped), strict=True):
        assert one.choices == other.choices
        assert one.cell.equations["c"] == other.cell.equations["c"] == "f * c_prev + (1 - f) * g"


@pytest.mark.parametrize(
    ("choices", "line"),
    [
        ({}, "lstm"),
        ({"coupling": "i = 1 - f"}, "cifg"),
        ({"peepholes__output": "yes"}, "lstm, peephole(output)"),
        ({"cell_input": "relu"}, "lstm, cell input relu"),
        ({"gates__forget__bias": "1"}, "lstm_b"),
        (
            {
                "state_merging": "merged",
                "gates__output": "open",
                "squash": "identity",
                "coupling": "i = 1 - f",
                "gates__reset": "after",
            },
            "gru",
        ),
    ],
)
def test_a_configuration_is_told_by_its_nearest_textbook_cell(choices: dict[str, str], line: str) -> None:
    assert load_space("lstm_to_gru").fill(Answering(**choices)).line == line


@pytest.mark.parametrize(
    ("hole", "message"),
    [
        (
            "gate.input: [open, closed]",
            r"holes.gate.input: no field is called 'gate.input'; did you mean 'gates.input'",
        ),
        ("squash: [tahn, tanh]", r"holes.squash\[0\]: .*did you mean 'tanh'"),
        ("squash: {one_of: {a: tanh, b: tahn}}", r"holes.squash.one_of.b: .*did you mean 'tanh'"),
        ("gates.input: [open, shut]", r"holes.gates.input\[1\]: "),
        (
            "gates.input: {one_of: {a: {activation: sigmoid, biass: 1}}}",
            r"holes.gates.input.one_of.a.biass: unknown key",
        ),
        ("gates.reset: {one_of: {a: {place: inside}}}", r"holes.gates.reset.one_of.a.place: "),
        ("gates.reset.gate: [own, output]", r"holes.gates.reset.gate\[1\]: "),
        ("peepholes: {subset_of: [input, reset]}", r"holes.peepholes.subset_of\[1\]: "),
        ("coupling: {subset_of: [none]}", r"holes.coupling: this kind of hole cannot fill the field 'coupling'"),
        ("peepholes: {int: [0, 1]}", r"holes.peepholes: this kind of hole cannot fill the field 'peepholes'"),
        ("cell_input: {float: [0.0, 1.0]}", r"holes.cell_input"),
        ("gate_recurrence: [1, 0]", r"holes.gate_recurrence\[0\]: "),
    ],
)
def test_a_hole_that_does_not_fit_its_field_is_named_with_its_place(hole: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=rf"<text>:\d+:\d+: {message}"):
        wiring_space(f"  {hole}")
