"""What moves arch_id and spec_id, and what does not."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest

from archsearch import registry
from archsearch.ir import lower, parse_ir
from archsearch.ir.identity import arch_id, spec_id
from archsearch.schema.cell import Cell
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from tests.ir.cells import cell, disguised, gate, identity, renamed, shuffled, sigmoid, swapped, with_equations
from tests.ir.isomorphism import canonical
from tests.ir.respelling import respelled

CELLS = registry.shipped_names("spaces/cells")
WIRINGS = registry.shipped_names("spaces/wirings")

SAME_ARCHITECTURE = [{"lstm", "lstm_b", "greff_np"}, {"peephole_lstm", "greff_v"}]
"""Shipped cells that differ in names or initial values only; all others differ from each other."""


def wired(name: str) -> Cell:
    return load_cell(str(registry.shipped_path("spaces/wirings", name)))


def formula(text: str) -> str:
    """The id of a cell that hands out `text`, over the gates a, b, c (each with its own input) and the state h."""
    gates = {"a": gate("x"), "b": gate("h_prev"), "c": gate("x", "h_prev")}
    return identity(cell({**gates, "h": text}))


def test_every_wiring_has_an_equation_file_of_its_name() -> None:
    assert set(WIRINGS) <= set(CELLS)
    assert len(WIRINGS) >= 18  # RNN, three LSTMs, CIFG, two GRUs, MGU, UGRNN, Greff's


@pytest.mark.parametrize("name", WIRINGS)
def test_a_wiring_and_its_equations_are_the_same_architecture(name: str) -> None:
    assert identity(wired(name)) == identity(load_cell(name))
    assert canonical(wired(name)) == canonical(load_cell(name))


@pytest.mark.parametrize("name", WIRINGS)
def test_a_wiring_and_its_equations_start_from_the_same_biases_and_states(name: str) -> None:
    one, other = lower(wired(name)), lower(load_cell(name))
    assert sorted(str(each.bias) for each in one.affines) == sorted(str(each.bias) for each in other.affines)
    assert {state.name: state.initial for state in one.states} == {state.name: state.initial for state in other.states}


def test_shipped_cells_are_distinct_but_for_known_twins() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for name in CELLS:
        found[identity(load_cell(name))].add(name)
    assert sorted(map(sorted, (names for names in found.values() if len(names) > 1))) == sorted(
        map(sorted, SAME_ARCHITECTURE)
    )


@pytest.mark.parametrize("name", CELLS)
def test_renaming_reordering_and_swapping_keep_the_architecture(name: str) -> None:
    original, generator = load_cell(name), random.Random(name)
    names = {equation: f"q_{equation}" for equation in original.equations}
    for changed in (
        renamed(original, names),
        shuffled(original, generator),
        swapped(original, generator),
        *(disguised(original, generator) for _ in range(5)),
    ):
        assert lower(changed) != lower(original) or changed.equations == original.equations
        assert identity(changed) == identity(original)


@pytest.mark.parametrize("name", CELLS)
def test_the_text_of_a_cell_carries_its_identity(name: str) -> None:
    ir = lower(load_cell(name))
    assert arch_id(parse_ir(str(ir))) == arch_id(ir)
    assert len(arch_id(ir)) == 16
    assert set(arch_id(ir)) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b", "b + a"),
        ("a * b", "b * a"),
        ("max(a, b)", "max(b, a)"),
        ("min(a, b)", "min(b, a)"),
        ("(a + b) + c", "a + (b + c)"),
        ("a * (b * c)", "(c * a) * b"),
        ("a - b", "a + -b"),
        ("a - b", "a + -1 * b"),
        ("-a", "-1 * a"),
        ("-(-a)", "a"),
        ("a - 0.5", "a + -0.5"),
        ("0.5 - a", "-a + 0.5"),
        ("a / 2", "0.5 * a"),
        ("a / 4 / 2", "a * 0.125"),
        ("2 * (3 * a)", "a * 6"),
        ("2 + (3 + a)", "a + 5"),
        ("0.1 * a * 0.2 * 0.3", "0.3 * a * 0.2 * 0.1"),
        ("0.1 + a + 0.2 + 0.3", "0.3 + a + 0.2 + 0.1"),
        ("a * 1", "a"),
        ("a + 0", "a"),
        ("(a + 1) - 1", "a"),
        ("a * 0.1 * 10", "a"),
        ("a - b - c", "a - c - b"),
        ("a * b * a", "a * a * b"),
        ("identity(a + b)", "b + a"),
        ("relu(a)", "max(0, a)"),
        ("tanh(a) * tanh(a)", "tanh(a) * tanh(a + 0)"),
    ],
)
def test_ways_of_writing_do_not_count(one: str, other: str) -> None:
    assert formula(one) == formula(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a - b", "b - a"),
        ("a / b", "b / a"),
        ("gt(a, b)", "gt(b, a)"),
        ("max(a, b)", "min(a, b)"),
        ("a + b", "a * b"),
        ("a * (b + c)", "a * b + c"),
        ("a + a", "a"),
        ("a * a", "a"),
        ("a + a", "a * a"),
        ("a + a + b", "a + b + b"),
        ("0.5 * a", "0.25 * a"),
        ("a + 0.5", "a + 0.25"),
        ("a * 1e200 * 1e200", "a * 1e250 * 1e250"),
        ("a * 1e-200 * 1e-200", "a * 0"),
        ("tanh(a)", "sigmoid(a)"),
        ("tanh(a + b)", "tanh(a) + tanh(b)"),
        ("tanh(a)", "tanh(b)"),
        ("a * b", "a * c"),
        ("h_prev + a", "a"),
        ("x + a", "h_prev + a"),
    ],
)
def test_different_formulas_are_different_architectures(one: str, other: str) -> None:
    assert formula(one) != formula(other)


def test_naming_or_repeating_a_formula_does_not_count() -> None:
    once = cell({"a": gate("x"), "t": "tanh(a)", "h": "t * h_prev + t"})
    twice = cell({"a": gate("x"), "t": "tanh(a)", "u": "tanh(a)", "h": "t * h_prev + u"})
    inside = cell({"a": gate("x"), "h": "tanh(a) * h_prev + tanh(a)"})
    assert identity(once) == identity(twice) == identity(inside)


def test_an_activation_and_its_formula_are_the_same() -> None:
    assert identity(cell({"h": sigmoid("x")})) == identity(cell({"a": gate("x"), "h": "sigmoid(a)"}))


def test_distinct_gates_are_never_merged() -> None:
    two = cell({"a": sigmoid("x", "h_prev"), "b": sigmoid("x", "h_prev"), "h": "a + b"})
    one = cell({"a": sigmoid("x", "h_prev"), "h": "a + a"})
    assert identity(two) != identity(one)


@pytest.mark.parametrize(
    "changed",
    [
        gate("x", "h_prev", bias="none"),
        gate("x"),
        gate("x", "h_prev", "h_prev"),
        gate("x", "x", "h_prev"),
        gate("x", "h_prev", diagonal=["h_prev"]),
        gate("x", diagonal=["h_prev"]),
        gate("x", "h_prev", activation="tanh"),
        gate("x", "2 * h_prev"),
    ],
)
def test_matrices_diagonals_and_the_existence_of_a_bias_count(changed: dict[str, Any]) -> None:
    assert identity(cell({"h": gate("x", "h_prev")})) != identity(cell({"h": changed}))


def test_initial_values_do_not_count() -> None:
    lstm = load_cell("lstm")
    biased = with_equations(lstm, f=sigmoid("x", "h_prev", bias=3.5))
    started = cell(lstm.equations, {"h": 1.0, "c": float("-inf")})
    assert identity(lstm) == identity(biased) == identity(started)


def test_what_the_output_never_reads_does_not_count() -> None:
    lstm = load_cell("lstm")
    more = cell(
        {**lstm.equations, "dead": gate("x", "s_prev"), "s": "dead * c"}, {**lstm.states, "s": 0.0}, lstm.output
    )
    assert identity(more) == identity(lstm)


def test_a_state_that_is_the_output_differs_from_one_that_is_not() -> None:
    assert identity(cell({"h": gate("x", "h_prev")})) != identity(
        cell({"s": gate("x", "s_prev"), "h": "tanh(s)"}, states=("s",))
    )


def test_doubling_in_a_row_is_folded_without_growing() -> None:
    def doubled(op: str, times: int) -> Cell:
        rows = {f"a{index + 1}": f"a{index} {op} a{index}" for index in range(times)}
        return cell({"a0": gate("x"), **rows, "h": f"a{times}"})

    for op in "+*":
        assert identity(doubled(op, 400)) != identity(doubled(op, 399))
    assert identity(cell({"a": gate("x"), "b": "a + a", "h": "b + b"})) == formula("a + a + a + a")


def test_squaring_constants_in_a_row_is_folded_without_growing() -> None:
    rows = {f"a{index + 1}": f"a{index} * a{index}" for index in range(60)}
    assert len(identity(cell({"g": gate("x"), "a0": "0.7 * g", **rows, "h": "a60"}))) == 16


MODEL = Model(hidden_size=8)
TRAINING = Training(learning_rate=0.01, sequences=100)


def spec(of: Cell, model: Model = MODEL, training: Training = TRAINING) -> str:
    return spec_id(Spec(cell=of, model=model, training=training))


def test_spec_id_does_not_know_the_name_of_the_cell() -> None:
    lstm = load_cell("lstm")
    assert spec(lstm) == spec(lstm.model_copy(update={"cell": "another"}))


@pytest.mark.parametrize(
    "changed",
    [
        cell({"h": gate("x", "h_prev", bias=1)}),
        cell({"h": gate("x", "h_prev", bias="none")}),
        cell({"h": gate("x", "h_prev")}, {"h": 0.5}),
    ],
)
def test_spec_id_covers_initial_values(changed: Cell) -> None:
    assert spec(changed) != spec(cell({"h": gate("x", "h_prev")}))


@pytest.mark.parametrize("name", CELLS)
def test_spec_id_does_not_know_how_a_cell_is_spelled(name: str) -> None:
    original = load_cell(name)
    for way, other in respelled(original, random.Random(name)):
        assert spec(other) == spec(original), way


@pytest.mark.parametrize("name", WIRINGS)
def test_a_wiring_and_its_equations_are_the_same_training(name: str) -> None:
    assert spec(wired(name)) == spec(load_cell(name))


def test_spec_id_knows_the_order_of_operands_only_where_it_counts() -> None:
    assert spec(cell({"h": gate("h_prev", "x")})) == spec(cell({"h": gate("x", "h_prev")}))
    assert spec(cell({"h": "x - h_prev"})) != spec(cell({"h": "h_prev - x"}))


def test_spec_id_tells_relu_from_the_larger_of_a_value_and_0() -> None:
    """They have other derivatives at 0."""
    relu, larger, swapped = (spec(cell({"a": gate("x"), "h": text})) for text in ("relu(a)", "max(a, 0)", "max(0, a)"))
    assert larger == swapped != relu


@pytest.mark.parametrize(
    "change",
    [{"hidden_size": 9}, {"layers": 2}, {"connection": "residual"}, {"readout": "every"}],
)
def test_spec_id_covers_the_model(change: dict[str, Any]) -> None:
    lstm = load_cell("lstm")
    assert spec(lstm, model=MODEL.model_copy(update=change)) != spec(lstm)


@pytest.mark.parametrize("field", list(Training.model_fields))
def test_spec_id_covers_every_field_of_the_training(field: str) -> None:
    values: dict[str, Any] = {"optimizer": "sgd", "clip": None, "device": "cuda"}
    new = values.get(field, getattr(TRAINING, field))
    changed = TRAINING.model_copy(update={field: new if field in values else new + 1})
    assert spec(load_cell("lstm"), training=changed) != spec(load_cell("lstm"))


def test_different_cells_have_different_spec_ids() -> None:
    assert len({spec(load_cell(name)) for name in CELLS}) == len(CELLS) - 2  # greff_np is lstm, greff_v peephole_lstm
