"""What a wiring expands to, and that every combination of its fields is a cell."""

from __future__ import annotations

from typing import Any

import pytest

from archsearch.errors import InvalidInput
from archsearch.ir import lower, parse_ir
from archsearch.ir.wiring import WiringReader, expand
from archsearch.schema.cell import Cell, Gate
from archsearch.schema.wiring import WiringBody
from archsearch.space import load_cell, load_space
from archsearch.space.size import every_configuration

EVERYTHING = """\
space: everything
wiring: lstm
holes:
  gates.input: {one_of: {gate: {activation: sigmoid}, open: open, closed: closed}}
  gates.forget: {one_of: {gate: {activation: sigmoid}, open: open, closed: closed}}
  gates.output: {one_of: {gate: {activation: sigmoid}, open: open, closed: closed}}
  gates.reset: {one_of: {none: none, some: {place: before}}}
  gates.reset.place: [before, after]
  gates.reset.gate: [own, input, forget]
  peepholes: {subset_of: [input, forget, output]}
  coupling: [none, i = 1 - f, f = 1 - i]
  state_merging: [separate, merged]
  squash: [tanh, identity]
  gate_recurrence: [false, true]
"""


def expanded(**fields: Any) -> Cell:
    return expand(WiringReader(WiringBody.model_validate(fields).model_dump()), "test")


def formulas(of: Cell) -> dict[str, str]:
    return {name: equation for name, equation in of.equations.items() if isinstance(equation, str)}


def gates(of: Cell) -> dict[str, Gate]:
    return {name: equation for name, equation in of.equations.items() if isinstance(equation, Gate)}


def test_every_combination_of_all_fields_is_a_cell() -> None:
    configurations = list(every_configuration(load_space(EVERYTHING)))
    assert len(configurations) > 2_000
    for configuration in configurations:
        assert parse_ir(str(configuration.ir)) == configuration.ir
    asked = {(question, label) for configuration in configurations for question, label in configuration.choices.items()}
    assert len(asked) == 3 * 3 + 2 + 2 + 3 + 3 * 2 + 3 + 2 + 2 + 2  # every answer of every question was given


def test_an_empty_wiring_is_the_lstm() -> None:
    assert formulas(expanded()) == {"c": "f * c_prev + i * g", "h": "o * tanh(c)"}
    assert list(expanded().equations) == ["i", "f", "g", "c", "o", "h"]


def test_open_gates_drop_out_as_factors() -> None:
    opened = expanded(gates={"input": "open", "forget": "open", "output": "open"})
    assert formulas(opened) == {"c": "c_prev + g", "h": "tanh(c)"}
    assert list(gates(opened)) == ["g"]


def test_closed_gates_drop_their_term() -> None:
    assert formulas(expanded(gates={"forget": "closed"}))["c"] == "i * g"
    without_input = expanded(gates={"input": "closed"})
    assert formulas(without_input)["c"] == "f * c_prev"
    assert "g" not in without_input.equations


def test_a_closed_output_is_a_cell_that_hands_out_zeros() -> None:
    ir = lower(expanded(gates={"output": "closed"}))
    assert (ir.states, ir.body, ir.output) == ((), (), 0.0)


def test_nothing_comes_in_and_nothing_stays() -> None:
    ir = lower(expanded(gates={"input": "closed", "forget": "closed"}, peepholes=["output"]))
    assert [affine.name for affine in ir.affines] == ["o~"]


def test_an_elman_network_is_a_wiring() -> None:
    elman = expanded(
        gates={"input": "open", "forget": "closed", "output": "open"}, state_merging="merged", squash="identity"
    )
    assert formulas(elman) == {"h": "n"}
    assert gates(elman) == {"n": Gate(linear=["x", "h_prev"], activation="tanh")}


def test_input_and_forget_look_at_the_memory_before_and_output_at_the_new_one() -> None:
    found = gates(expanded(peepholes=["input", "forget", "output"]))
    assert [found[name].diagonal for name in "ifo"] == [["c_prev"], ["c_prev"], ["c"]]
    merged = gates(expanded(peepholes=["input", "forget", "output"], state_merging="merged"))
    assert [merged[name].diagonal for name in "ifo"] == [["h_prev"], ["h_prev"], ["c"]]


def test_a_coupled_gate_is_the_complement_of_the_other() -> None:
    assert formulas(expanded(coupling="i = 1 - f"))["c"] == "f * c_prev + (1 - f) * g"
    assert formulas(expanded(coupling="f = 1 - i"))["c"] == "(1 - i) * c_prev + i * g"
    assert formulas(expanded(coupling="i = 1 - f", gates={"forget": "open"}))["c"] == "c_prev"
    assert formulas(expanded(coupling="i = 1 - f", gates={"forget": "closed"}))["c"] == "g"


def test_a_reset_gate_stands_before_or_after_the_product() -> None:
    before = expanded(gates={"reset": {"place": "before"}})
    assert gates(before)["g"].linear == ["x", "r * h_prev"]
    after = expanded(gates={"reset": {"place": "after"}})
    assert formulas(after)["g"] == "tanh(gx + r * gh)"


def test_a_reset_may_share_another_gate() -> None:
    shared = expanded(gates={"reset": {"place": "after", "gate": "input"}}, coupling="i = 1 - f")
    assert formulas(shared)["g"] == "tanh(gx + (1 - f) * gh)"
    assert "r" not in shared.equations
    closed = expanded(gates={"forget": "closed", "reset": {"place": "after", "gate": "forget"}})
    assert gates(closed)["g"].linear == ["x"]
    opened = expanded(gates={"forget": "open", "reset": {"place": "after", "gate": "forget"}})
    assert gates(opened)["g"].linear == ["x", "h_prev"]


def test_gate_recurrence_makes_every_gate_a_state_that_every_gate_reads() -> None:
    cell = expanded(gate_recurrence=True, gates={"reset": {"place": "before"}})
    assert list(cell.states) == ["h", "c", "i", "f", "r", "o"]
    for name in "ifro":
        assert gates(cell)[name].linear == ["x", "h_prev", "i_prev", "f_prev", "r_prev", "o_prev"]
    assert gates(cell)["g"].linear == ["x", "r * h_prev"]


def test_biases_and_activations_arrive_at_their_gates() -> None:
    given = {"input": {"bias": 0.5}, "forget": {"bias": 2}, "output": {"activation": "hard_sigmoid", "bias": -1}}
    found = gates(expanded(gates=given, cell_input="relu"))
    assert [found[name].bias for name in "ifo"] == [0.5, 2, -1]
    assert [found[name].activation for name in "ifog"] == ["sigmoid", "sigmoid", "hard_sigmoid", "relu"]


FILE = """\
wiring: test
"""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("gates: {input: {bias: 1}}\ncoupling: i = 1 - f", r"gates.input: the input gate is not used: coupling is"),
        ("gates: {forget: open}\ncoupling: f = 1 - i", r"gates.forget: the forget gate is not used: coupling is"),
        ("gates: {output: closed, input: open}", r"gates.input: the input gate is not used: the output is closed"),
        (
            "gates: {input: closed, reset: {place: after}}",
            r"gates.reset: the reset gate is not used: the input is",
        ),
        ("coupling: i = 1 - f\npeepholes: [forget, input]", r"peepholes\[1\]: the input gate has no memory"),
        ("gates: {output: open}\npeepholes: [output]", r"peepholes\[0\]: the output gate has no memory"),
        ("gates: {input: closed, forget: closed}\npeepholes: [output]", r"peepholes\[0\]: the output gate has no mem"),
        ("gates: {input: closed}\ncell_input: relu", r"cell_input: with these gates it has no effect"),
        ("gates: {output: closed}\nsquash: relu", r"squash: with these gates it has no effect"),
        ("gates: {output: closed}\ncoupling: i = 1 - f", r"coupling: with these gates it has no effect"),
        (
            "gates: {input: open, forget: open, output: open}\ngate_recurrence: true",
            r"gate_recurrence: with these gates it has no effect",
        ),
    ],
)
def test_an_entry_without_effect_is_an_error_in_a_file(lines: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^<text>:\d+:\d+: {message}"):
        load_cell(f"{FILE}{lines}\n")


def test_the_same_entry_is_ignored_in_a_space() -> None:
    space = load_space(
        "space: test\nwiring: {gates: {input: {bias: 1}}, peepholes: [input]}\nholes: {coupling: [none, i = 1 - f]}\n"
    )
    free, coupled = (configuration.cell for configuration in every_configuration(space))
    assert gates(free)["i"].bias == 1
    assert "i" not in coupled.equations


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gates: {input: shut}", r"gates.input: "),
        ("gates: {reset: {place: inside}}", r"gates.reset.place: "),
        ("gates: {reset: open}", r"gates.reset: "),
        ("peepholes: [reset]", r"peepholes\[0\]: "),
        ("coupling: i = f", r"coupling: "),
        ("cell_input: tahn", r"cell_input: .*did you mean 'tanh'"),
        ("gate_recurrence: 1", r"gate_recurrence: "),
        ("colour: red", r"colour: unknown key 'colour'"),
    ],
)
def test_other_values_are_refused_with_their_place(line: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^<text>:2:\d+: {message}"):
        load_cell(f"{FILE}{line}\n")
