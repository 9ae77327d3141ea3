"""Candidates: a space's cells in one model and training, which may have holes themselves."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pydantic import TypeAdapter

from archsearch.errors import InvalidInput
from archsearch.ir import CellIR
from archsearch.ir.identity import arch_id, spec_id
from archsearch.schema.holes import Hole
from archsearch.schema.study import Model, StudyModel, Training
from archsearch.space import Candidates, RandomChooser, RecordedChooser, load_cell, load_space
from tests.space.spaces import Watching

MODEL, TRAINING = Model(hidden_size=16), Training(learning_rate=0.01, sequences=1000)


def candidates(holes: dict[str, Any], space: str = "two_timescales") -> Candidates:
    adapter: TypeAdapter[Hole] = TypeAdapter(Hole)
    table = {name: adapter.validate_python(hole, strict=True) for name, hole in holes.items()}
    return Candidates(load_space(space), StudyModel(hidden_size=16), TRAINING, table, given_size)


def given_size(_ir: CellIR, model: StudyModel) -> Model:
    assert model.hidden_size is not None
    return model.of_size(model.hidden_size)


HOLES = {
    "model.hidden_size": [8, 16],
    "training.learning_rate": {"float": [0.001, 0.1], "log": True},
    "training.clip": {"one_of": {"none": None, "one": 1.0}},
}


def test_without_holes_model_and_training_are_as_given() -> None:
    found = candidates({}).fill(Watching())
    assert (found.spec.model, found.spec.training) == (MODEL, TRAINING)
    assert found.spec_id == spec_id(found.spec)
    assert found.arch_id == arch_id(found.ir)


def test_holes_of_model_and_training_are_filled_after_the_cell() -> None:
    chooser = Watching(seed=1)
    found = candidates(HOLES).fill(chooser)
    assert chooser.asked[-3:] == list(HOLES)
    assert list(found.choices) == chooser.asked
    assert str(found.spec.model.hidden_size) == found.choices["model.hidden_size"]
    assert found.spec.training.learning_rate == found.choices["training.learning_rate"]
    assert found.line.count("; ") == 1
    assert "learning_rate=" in found.line


def test_a_stored_record_makes_the_same_candidate() -> None:
    chooser = RandomChooser(random.Random(5))
    for _ in range(20):
        found = candidates(HOLES).fill(chooser)
        assert candidates(HOLES).fill(RecordedChooser(found.choices)) == found


SPELLINGS = """\
space: spellings
cell:
  states: {h: 0, c: 0}
  output: h
  equations:
    g: {linear: [x, h_prev], activation: tanh}
    f: {linear: $reads, activation: sigmoid, bias: 1}
    c: $keep
    h: tanh(c)
holes:
  reads: {one_of: {input first: [x, h_prev], state first: [h_prev, x]}}
  keep: [f * c_prev + (1 - f) * g, (-f + 1) * g + c_prev * f]
"""


def test_fillings_that_spell_one_cell_are_one_spec() -> None:
    space = candidates({}, SPELLINGS)
    chooser = RandomChooser(random.Random(2))
    drawn = [space.fill(chooser) for _ in range(30)]
    assert len({str(candidate.ir) for candidate in drawn}) == 4
    assert len({candidate.spec_id for candidate in drawn}) == 1
    assert len({candidate.arch_id for candidate in drawn}) == 1


def test_a_baseline_answers_only_the_holes_of_model_and_training() -> None:
    chooser = Watching()
    found = candidates(HOLES).of_cell(load_cell("lstm"), chooser)
    assert chooser.asked == list(HOLES)
    assert found.spec.cell == load_cell("lstm")
    assert found.line.startswith("lstm; ")


@pytest.mark.parametrize(
    ("holes", "message"),
    [
        ({"training.learning_rat": [0.1, 0.2]}, "holes.training.learning_rat: no field is called .*did you mean"),
        ({"learning_rate": [0.1, 0.2]}, "holes.learning_rate: no field is called 'learning_rate'"),
        ({"space.phi": ["tanh"]}, "holes.space.phi: no field is called"),
        ({"training.learning_rate": [0.1, -0.2]}, r"holes.training.learning_rate\[1\]: "),
        ({"training.learning_rate": {"float": [0.0, 0.1]}}, r"holes.training.learning_rate.float\[0\]: "),
        ({"model.layers": {"int": [1, 100]}}, r"holes.model.layers.int\[1\]: "),
        ({"model.connection": {"one_of": {"a": "plain", "b": "highway"}}}, "holes.model.connection.one_of.b: "),
        ({"model.layers": [1, 1]}, "holes.model.layers: the option '1' stands twice"),
    ],
)
def test_a_hole_that_does_not_fit_is_named_with_its_place(holes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        candidates(holes)
