"""Every configuration of a shipped space, and random cells: lower, print, parse, build, step, have finite gradients."""

from __future__ import annotations

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from archsearch import build, registry
from archsearch.backends import PACKAGE
from archsearch.backends._layer import CellLayer
from archsearch.ir import CellIR, check, drop_dead, lower, parse_ir
from archsearch.ir.cost import parameter_shapes
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell
from archsearch.space import RecordedChooser, load_space
from tests.contract.comparison import assert_same_run, normal, run
from tests.ir.cells import disguised
from tests.ir.isomorphism import canonical
from tests.ir.test_wiring import EVERYTHING
from tests.property.choosing import HypothesisChooser, examples
from tests.property.strategies import cells

SPACES = [*registry.shipped_names("spaces"), EVERYTHING]
IDS = [*registry.shipped_names("spaces"), "every wiring"]
TIME, BATCH = 4, 2


def layer_of(ir: CellIR, sizes: tuple[int, int] = (3, 4), backend: str = "reference") -> CellLayer:
    """A layer with small weights, so that no activation runs away within a few steps."""
    layer = build(ir, *sizes, backend, seed=0, dtype=torch.float64)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(0.3)
    return layer


def states_of(layer: CellLayer) -> dict[str, Tensor]:
    shape = (BATCH, layer.hidden_size)
    return {state.name: 0.5 * normal(*shape, seed=5 + index) for index, state in enumerate(layer.ir.states)}


def check_text(ir: CellIR) -> None:
    """What holds for every cell before anything is built."""
    check(ir)
    assert parse_ir(str(ir)) == ir
    assert drop_dead(ir) == ir


def check_training(ir: CellIR, sizes: tuple[int, int] = (3, 4)) -> None:
    """It builds, steps and has finite gradients."""
    layer = layer_of(ir, sizes)
    assert {name: tuple(value.shape) for name, value in layer.named_parameters()} == parameter_shapes(ir, *sizes)
    found = run(layer, normal(TIME, BATCH, sizes[0], seed=1), states_of(layer), dict(layer.named_parameters()))
    assert found.y.shape == (TIME, BATCH, sizes[1])
    for value in (found.y, *found.states.values(), *found.gradients.values()):
        assert value.isfinite().all()


@pytest.mark.parametrize("reference", SPACES, ids=IDS)
@examples(60)
@given(data=st.data())
def test_any_configuration_of_a_space_is_a_cell_that_can_be_trained(reference: str, data: st.DataObject) -> None:
    configuration = load_space(reference).fill(HypothesisChooser(data))
    assert lower(configuration.cell) == configuration.ir
    check_text(configuration.ir)
    check_training(configuration.ir)


@pytest.mark.parametrize("reference", SPACES, ids=IDS)
@examples(60)
@given(data=st.data())
def test_a_record_of_the_answers_makes_the_same_configuration(reference: str, data: st.DataObject) -> None:
    space = load_space(reference)
    configuration = space.fill(HypothesisChooser(data))
    assert space.fill(RecordedChooser(configuration.choices)) == configuration


@pytest.mark.parametrize("reference", SPACES, ids=IDS)
@examples(40)
@given(data=st.data())
def test_a_disguised_configuration_keeps_its_identity(reference: str, data: st.DataObject) -> None:
    configuration = load_space(reference).fill(HypothesisChooser(data))
    disguise = disguised(configuration.cell, random.Random(data.draw(st.integers(0, 10**6))))
    assert arch_id(lower(disguise)) == arch_id(configuration.ir)


@examples(150)
@given(cells(), st.sampled_from([(4, 4), (3, 4), (1, 1)]))
def test_random_cells_can_be_trained(cell: Cell, sizes: tuple[int, int]) -> None:
    ir = lower(cell)
    check_text(ir)
    if "= div " not in str(ir):  # a random divisor may be close to 0
        check_training(ir, sizes)


@examples(150)
@given(cells(), cells())
def test_two_random_cells_share_an_id_exactly_when_they_are_isomorphic(one: Cell, other: Cell) -> None:
    assert (arch_id(lower(one)) == arch_id(lower(other))) == (canonical(one) == canonical(other))


@examples(60)
@given(st.data(), st.sampled_from(SPACES), st.integers(1, TIME))
def test_a_sequence_in_pieces_is_the_whole_sequence(data: st.DataObject, reference: str, cut: int) -> None:
    layer = layer_of(load_space(reference).fill(HypothesisChooser(data)).ir)
    x, states = normal(TIME + 1, BATCH, 3, seed=1), states_of(layer)

    def in_pieces(x_: Tensor, states_: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        first, middle = layer(x_[:cut], states_)
        second, last = layer(x_[cut:], middle)
        return torch.cat([first, second]), last

    own = dict(layer.named_parameters())
    assert_same_run(run(in_pieces, x, states, own), run(layer, x, states, own))


@pytest.mark.parametrize("backend", [name for name in registry.names(PACKAGE) if name != "reference"])
@examples(12)  # each costs a compilation the first time
@given(data=st.data())
def test_other_backends_run_any_configuration_as_the_reference_does(backend: str, data: st.DataObject) -> None:
    ir = load_space(EVERYTHING).fill(HypothesisChooser(data)).ir
    x, runs = normal(TIME, BATCH, 3, seed=1), []
    for which in (backend, "reference"):
        layer = layer_of(ir, backend=which)
        runs.append(run(layer, x, states_of(layer), dict(layer.named_parameters())))
    found, expected = runs
    assert_same_run(found, expected)
