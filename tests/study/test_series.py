"""Matched parameters and several tasks in study files: what they mean and what is wrong with them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from archsearch.errors import InvalidInput
from archsearch.models.size import parameters
from archsearch.schema.document import parse_document
from archsearch.space import RandomChooser
from archsearch.study.definition import load_studies, load_study, read_definition
from archsearch.study.stored import study_name
from tests.study.samples import TEXT

SERIES = """study: both
space: lstm_to_gru
tasks:
  short: {name: temporal_order, length: 20}
  long: {name: adding, length: 50}
model: {parameters: 900}
training: {learning_rate: 0.01, sequences: 640}
holes:
  training.learning_rate: {float: [0.001, 0.1], log: true}
baselines: [gru, rnn]
search: {trials: 2}
"""


def messages(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        load_studies(text)
    return [str(problem) for problem in error.value.problems]


def test_a_file_with_tasks_is_one_study_per_task() -> None:
    first, second = load_studies(SERIES)
    assert (first.name, second.name) == ("both.short", "both.long")
    assert (first.study.task.name, second.study.task.name) == ("temporal_order", "adding")
    assert first.study.model_copy(update={"study": "x", "task": None}) == second.study.model_copy(
        update={"study": "x", "task": None}
    )


def test_each_is_the_study_that_a_file_of_its_own_would_be() -> None:
    data = dict(parse_document(SERIES).data)
    task = data.pop("tasks")["long"]
    alone = load_study(json.dumps(data | {"study": "both.long", "task": task}, indent=1))
    found = load_studies(SERIES)[1]
    assert json.loads(found.text) == json.loads(alone.text)
    assert read_definition(found.text).text == found.text


def test_every_candidate_and_baseline_has_about_as_many_parameters() -> None:
    for definition in load_studies(SERIES):
        task, chooser = definition.task, RandomChooser(random.Random(0))
        made = [definition.candidates.fill(chooser) for _ in range(20)]
        made += [definition.candidates.of_cell(each.cell, chooser) for each in definition.baselines]
        counts = [parameters(each.ir, each.spec.model, task.input_size, task.output_size) for each in made]
        assert all(800 < count <= 900 for count in counts)
        assert len({each.spec.model.hidden_size for each in made}) > 3


def test_matched_parameters_may_be_a_hole() -> None:
    text = SERIES.replace("training.learning_rate: {float: [0.001, 0.1], log: true}", "model.parameters: [300, 900]")
    definition = load_studies(text)[0]
    sizes = {
        definition.candidates.of_cell(definition.baselines[0].cell, RandomChooser(random.Random(seed))).spec.model
        for seed in range(9)
    }
    assert len(sizes) == 2


def test_a_file_with_several_tasks_is_no_single_study(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"stands for 2 studies: both\.short, both\.long"):
        load_study(SERIES)
    path = tmp_path / "both.yaml"
    path.write_text(SERIES)
    with pytest.raises(InvalidInput, match=r"name one of them: both\.short, both\.long"):
        study_name(str(path))
    path.write_text(SERIES.replace("  long: {name: adding, length: 50}\n", ""))
    assert study_name(str(path)) == "both.short"
    path.write_text(TEXT)
    assert study_name(str(path)) == "small"


WRONG = {
    "a task's option": ("length: 50", "lenght: 50", "5:24: tasks.long.lenght"),
    "a task's name": ("adding", "ading", "5:16: tasks.long.name"),
    "a label": ("  long:", "  1st:", "5:3: tasks.1st"),
    "no tasks": (SERIES[SERIES.index("  short") : SERIES.index("model")], "  {}\n", "4:3: tasks: must have at least 1"),
    "both forms": ("model:", "task: {name: adding}\nmodel:", "3:1: tasks: a study has either task or tasks"),
    "both sizes": (
        "parameters: 900",
        "parameters: 900, hidden_size: 3",
        "6:8: model: a model has either hidden_size or",
    ),
    "no size": (
        "{parameters: 900}",
        "{layers: 2}",
        "6:8: model: a model has either hidden_size or parameters, and neither",
    ),
    "too small": ("parameters: 900", "parameters: 9", "the smallest model of"),
    "a hole in the other size": (
        "training.learning_rate",
        "model.hidden_size",
        "no field is called 'model.hidden_size'",
    ),
    "a name with two dots": ("study: both", "study: a.b", "1:8: study: 'a.b.short' is not a legal name here"),
    "no name": ("study: both\n", "", "missing key 'study'"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_are_said_at_their_places(mistake: str) -> None:
    old, new, said = WRONG[mistake]
    assert old in SERIES
    found = messages(SERIES.replace(old, new, 1))
    assert any(said in message for message in found), found
