"""Models of matched numbers of parameters: the largest that fits."""

from __future__ import annotations

import pytest
import torch

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.ir import lower
from archsearch.models.recurrent import RecurrentModel
from archsearch.models.size import LARGEST, parameters, sized
from archsearch.schema.study import Model, StudyModel
from archsearch.space import load_cell

CELLS = registry.shipped_names("spaces/cells")


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_largest_model_that_fits_is_taken(name: str, layers: int) -> None:
    ir = lower(load_cell(name))
    for wanted in (500, 4000, 100_000):
        found = sized(ir, StudyModel(parameters=wanted, layers=layers), 3, 2)
        assert found.layers == layers
        assert parameters(ir, found, 3, 2) <= wanted
        assert parameters(ir, found.model_copy(update={"hidden_size": found.hidden_size + 1}), 3, 2) > wanted


@pytest.mark.parametrize("name", ["lstm", "mut1", "peephole_lstm"])
def test_the_number_is_that_of_the_module(name: str) -> None:
    ir = lower(load_cell(name))
    model = sized(ir, StudyModel(parameters=2000, layers=2, connection="residual"), 5, 4)
    module = RecurrentModel(ir, model, 5, 4, "reference", torch.Generator())
    assert sum(each.numel() for each in module.parameters()) == parameters(ir, model, 5, 4) <= 2000


def test_a_given_hidden_size_is_taken_as_it_is() -> None:
    found = sized(lower(load_cell("lstm")), StudyModel(hidden_size=7, readout="every"), 3, 2)
    assert found == Model(hidden_size=7, readout="every")


def test_what_is_too_small_for_any_model_is_refused_with_the_smallest() -> None:
    ir = lower(load_cell("lstm"))
    smallest = parameters(ir, Model(hidden_size=1), 3, 2)
    assert sized(ir, StudyModel(parameters=smallest), 3, 2).hidden_size == 1
    with pytest.raises(
        InvalidInput, match=f"the smallest model of lstm has {smallest} parameters; allowed: {smallest}"
    ):
        sized(ir, StudyModel(parameters=smallest - 1), 3, 2)


def test_no_hidden_size_beyond_the_largest_is_tried() -> None:
    assert sized(lower(load_cell("rnn")), StudyModel(parameters=10_000_000_000), 3, 2).hidden_size == LARGEST


def test_without_the_other_size_a_model_is_written_as_it_stood() -> None:
    assert list(StudyModel(parameters=5).model_dump()) == ["parameters", "layers", "connection", "readout"]
    assert list(StudyModel(hidden_size=5).model_dump()) == ["hidden_size", "layers", "connection", "readout"]
