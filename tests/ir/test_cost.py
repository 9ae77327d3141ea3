"""Stages, parameters and operations, counted by hand or from the built module."""

from __future__ import annotations

import pytest

from archsearch import build, registry
from archsearch.ir import lower
from archsearch.ir.cost import operations, parameter_shapes, parameters, stages
from archsearch.ir.projection import needs_projection
from archsearch.space import load_cell
from tests.ir.cells import cell, gate, lowered, sigmoid

CELLS = registry.shipped_names("spaces/cells")

TWO_STAGES = {"gru_reset_before", "mgu", "mut1", "mut1_linear", "mut2", "mut2_linear", "mut3"}
"""Cells whose cell input multiplies a matrix with what a gate of the same step has made."""


NO_STAGE = {"indrnn"}
"""Cells without a recurrent matrix."""


@pytest.mark.parametrize("name", CELLS)
def test_stages_of_the_shipped_cells(name: str) -> None:
    assert stages(lower(load_cell(name))) == (0 if name in NO_STAGE else 2 if name in TWO_STAGES else 1)


def test_products_of_the_input_do_not_count_as_stages() -> None:
    assert stages(lowered({"a": gate("x"), "b": gate("tanh(a)"), "h": "h_prev + b"})) == 0
    assert stages(lowered({"a": gate("x"), "b": gate("tanh(a)"), "h": gate("b", "h_prev")})) == 1


def test_a_chain_of_products_counts_each_of_them() -> None:
    assert stages(lowered({"a": gate("h_prev"), "b": gate("tanh(a)"), "c": gate("b"), "h": gate("c", "x")})) == 4


def test_a_diagonal_on_a_new_value_is_no_stage() -> None:
    assert stages(lowered({"a": sigmoid("x", "h_prev"), "h": sigmoid("x", "h_prev", diagonal=["a"])})) == 1
    assert stages(lowered({"a": sigmoid("x", "h_prev"), "h": sigmoid("x", "a", diagonal=["a"])})) == 2


def test_the_deepest_state_decides() -> None:
    equations = {"a": gate("s_prev"), "s": gate("a"), "h": "s_prev + x"}
    assert stages(lower(cell(equations, states=("s",)))) == 2


def test_a_constant_cell_costs_nothing() -> None:
    ir = lowered({"h": "0.5"})
    assert (stages(ir), parameters(ir, 3, 5), operations(ir, 3, 5)) == (0, 0, 0)


@pytest.mark.parametrize(("inputs", "hidden"), [(3, 5), (4, 4), (1, 1)])
@pytest.mark.parametrize("name", CELLS)
def test_counted_parameters_are_those_of_the_module(name: str, inputs: int, hidden: int) -> None:
    ir = lower(load_cell(name))
    layer = build(ir, inputs, hidden)
    found = {name: tuple(parameter.shape) for name, parameter in layer.named_parameters()}
    assert found == parameter_shapes(ir, inputs, hidden)
    assert parameters(ir, inputs, hidden) == sum(parameter.numel() for parameter in layer.parameters())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rnn", 5 * (3 + 5 + 1)),
        ("lstm", 4 * 5 * (3 + 5 + 1)),
        ("gru", 3 * 5 * (3 + 5 + 1) + 5),
        ("peephole_lstm", 4 * 5 * (3 + 5 + 1) + 3 * 5),
        ("greff_fgr", 4 * 5 * (3 + 5 + 1) + 3 * 5 + 9 * 5 * 5),
        ("mut1", 5 * (3 + 1) + 5 * (3 + 5 + 1) + 5 * (5 + 1) + 5 * 3),  # the last: the projection of x
    ],
)
def test_parameters_by_hand(name: str, expected: int) -> None:
    assert parameters(lower(load_cell(name)), 3, 5) == expected


def test_operations_by_hand() -> None:
    # LSTM: 4 products with biases, and per hidden unit 3 sigmoid, 2 tanh, 3 mul, 1 add.
    assert operations(lower(load_cell("lstm")), 3, 5) == 4 * 5 * (3 + 5 + 1) + 9 * 5


def test_a_projection_is_needed_only_for_bare_input_of_another_size() -> None:
    assert needs_projection(lower(load_cell("mut1")), 3, 5)
    assert not needs_projection(lower(load_cell("mut1")), 5, 5)
    assert not needs_projection(lower(load_cell("lstm")), 3, 5)
    assert needs_projection(lowered({"h": gate("h_prev", diagonal=["x"])}), 3, 5)
    assert needs_projection(lowered({"h": "x"}), 3, 5)
    assert needs_projection(lower(cell({"s": "x", "h": "s_prev + h_prev"}, states=("s", "h"))), 3, 5)
