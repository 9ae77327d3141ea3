"""Models of matched numbers of parameters: the largest that fits."""

from __future__ import annotations

import pytest

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.ir import lower
from archsearch.models.initial import initial_model
from archsearch.models.recurrent import RecurrentModel
from archsearch.models.size import parameters, sized
from archsearch.schema.study import LARGEST_HIDDEN_SIZE, Model, StudyModel
from archsearch.space import load_cell

CELLS = registry.shipped_names("spaces/cells")


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_largest_model_that_fits_is_taken(name: str, layers: int) -> None:
    ir = lower(load_cell(name))
    most = parameters(ir, Model(hidden_size=LARGEST_HIDDEN_SIZE, layers=layers), 3, 2)
    for wanted in (500, 4000, min(100_000, most)):  # without a recurrent matrix a cell stays below 100,000
        found = sized(ir, StudyModel(parameters=wanted, layers=layers), 3, 2)
        assert found.layers == layers
        assert parameters(ir, found, 3, 2) <= wanted
        assert parameters(ir, found.model_copy(update={"hidden_size": found.hidden_size + 1}), 3, 2) > wanted


def test_a_cell_without_a_recurrent_matrix_reaches_what_its_largest_size_has() -> None:
    ir = lower(load_cell("indrnn"))
    largest = parameters(ir, Model(hidden_size=LARGEST_HIDDEN_SIZE), 3, 2)
    assert largest == LARGEST_HIDDEN_SIZE * (3 + 1 + 1) + (LARGEST_HIDDEN_SIZE + 1) * 2
    assert sized(ir, StudyModel(parameters=largest), 3, 2).hidden_size == LARGEST_HIDDEN_SIZE
    with pytest.raises(InvalidInput, match=f"the largest model of indrnn has {largest} parameters"):
        sized(ir, StudyModel(parameters=100_000), 3, 2)


@pytest.mark.parametrize("name", ["lstm", "mut1", "peephole_lstm"])
def test_the_number_is_that_of_the_module(name: str) -> None:
    ir = lower(load_cell(name))
    model = sized(ir, StudyModel(parameters=2000, layers=2, connection="residual"), 5, 4)
    module = RecurrentModel(ir, model, 5, 4, "reference", initial_model(ir, model, 5, 4, seed=1))
    assert sum(each.numel() for each in module.parameters()) == parameters(ir, model, 5, 4) <= 2000


def test_a_given_hidden_size_is_taken_as_it_is() -> None:
    found = sized(lower(load_cell("lstm")), StudyModel(hidden_size=7, readout="every"), 3, 2)
    assert found == Model(hidden_size=7, readout="every")


def test_what_is_too_small_for_any_model_is_refused_with_the_smallest() -> None:
    ir = lower(load_cell("lstm"))
    smallest = parameters(ir, Model(hidden_size=1), 3, 2)
    assert sized(ir, StudyModel(parameters=smallest), 3, 2).hidden_size == 1
    with pytest.raises(
        InvalidInput, match=f"the smallest model of lstm has {smallest} parameters, more than .*; allowed: {smallest}"
    ):
        sized(ir, StudyModel(parameters=smallest - 1), 3, 2)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", ["mut1", "rnn"])
def test_it_is_the_largest_also_where_a_projection_falls_away(name: str, layers: int) -> None:
    """MUT1 has fewer parameters at the input's size, 20, than at 19: it needs no projection of its bare input there."""
    ir, sizes = lower(load_cell(name)), range(1, 32)
    counts = [parameters(ir, Model(hidden_size=size, layers=layers), 20, 2) for size in sizes]
    assert (counts == sorted(counts)) == (name == "rnn")
    edges = {number for count in counts for number in (count - 1, count)}  # between these nothing changes
    for wanted in sorted(edges & set(range(min(counts), max(counts)))):
        largest = max(size for size, count in zip(sizes, counts, strict=True) if count <= wanted)
        assert sized(ir, StudyModel(parameters=wanted, layers=layers), 20, 2).hidden_size == largest


@pytest.mark.parametrize("input_size", [1, 2 * LARGEST_HIDDEN_SIZE])
def test_any_input_size_will_do(input_size: int) -> None:
    ir = lower(load_cell("mut1"))
    for size in (1, 2, 7):
        wanted = parameters(ir, Model(hidden_size=size), input_size, 2)
        assert sized(ir, StudyModel(parameters=wanted), input_size, 2).hidden_size == size


def test_what_the_largest_hidden_size_does_not_reach_is_refused_and_not_passed_off_as_matched() -> None:
    ir = lower(load_cell("rnn"))
    most = parameters(ir, Model(hidden_size=LARGEST_HIDDEN_SIZE), 3, 2)
    assert sized(ir, StudyModel(parameters=most), 3, 2).hidden_size == LARGEST_HIDDEN_SIZE
    with pytest.raises(InvalidInput, match=f"the largest model of rnn has {most} parameters, .*; allowed: {most} or"):
        sized(ir, StudyModel(parameters=10_000_000_000), 3, 2)


def test_without_the_other_size_a_model_is_written_as_it_stood() -> None:
    assert list(StudyModel(parameters=5).model_dump()) == ["parameters", "layers", "connection", "readout"]
    assert list(StudyModel(hidden_size=5).model_dump()) == ["hidden_size", "layers", "connection", "readout"]
