"""Matched parameters and several tasks in study files: what they mean and what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest

import archsearch
from archsearch.errors import InvalidInput
from archsearch.models.size import parameters
from archsearch.schema.document import parse_document
from archsearch.space import RandomChooser
from archsearch.study.definition import load_studies, load_study, read_definition
from archsearch.study.stored import find_studies, study_name
from tests.store.free_store import FreeStore
from tests.study.samples import TEXT, small

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


def test_a_matched_candidate_is_that_of_its_hidden_size() -> None:
    chooser = RandomChooser(random.Random(0))
    text = TEXT.replace("{hidden_size: 4}", "{parameters: PARAMETERS}")
    for baseline in small().baselines:
        given = small().candidates.of_cell(baseline.cell, chooser)
        count = parameters(given.ir, given.spec.model, small().task.input_size, small().task.output_size)
        matched = load_study(text.replace("PARAMETERS", str(count))).candidates.of_cell(baseline.cell, chooser)
        assert matched == given


def test_what_was_stored_before_there_were_matched_parameters_has_kept_its_names() -> None:
    definition, chooser = small(), RandomChooser(random.Random(0))
    found = [definition.candidates.of_cell(each.cell, chooser) for each in definition.baselines]
    assert [each.spec_id for each in found] == ["f501f45692f4c4c2", "04b197b93784f5e9"]
    before = definition.text.replace(',"operations":1000000000000', "", 1)  # a limit that came later
    assert before != definition.text
    assert hashlib.sha256(before.encode()).hexdigest()[:16] == "d7f3f4f412be044b"


def test_a_file_with_several_tasks_is_no_single_study(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"stands for 2 studies: both\.short, both\.long"):
        load_study(SERIES)
    path = tmp_path / "both.yaml"
    path.write_text(SERIES)
    with pytest.raises(InvalidInput, match=r"name one of them: both\.short, both\.long"):
        study_name(str(path))
    with pytest.raises(InvalidInput, match="run_studies take them all"):
        archsearch.run(SERIES)
    path.write_text(SERIES.replace("  long: {name: adding, length: 50}\n", ""))
    assert study_name(str(path)) == "both.short"
    path.write_text(TEXT)
    assert study_name(str(path)) == "small"


WRONG = {
    "a task's option": ("length: 50", "lenght: 50", "5:24: tasks.long.lenght"),
    "a task's name": ("adding", "ading", "5:16: tasks.long.name"),
    "a label": ("  long:", "  1st:", "5:3: tasks.1st"),
    "no tasks": (SERIES[SERIES.index("  short") : SERIES.index("model")], "  {}\n", "4:3: tasks: must have at least 1"),
    "both forms": ("model:", "task: {name: adding}\nmodel:", "6:1: task: a study has either task or tasks"),
    "both sizes": (
        "parameters: 900",
        "parameters: 900, hidden_size: 3",
        "6:26: model.hidden_size: a model has either hidden_size or parameters, and both",
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
    "a name with a dot": ("study: both", "study: a.b", "1:8: study: 'a.b' is not a legal name of a file with"),
    "a label that looks like a file's end": (
        "  long:",
        "  yaml:",
        "5:3: tasks.yaml: 'yaml' would make the study's name",
    ),
    "an empty size": ("parameters: 900", "parameters: ", "6:9: model.parameters: must be a whole number, not an empty"),
    "neither form": (
        SERIES[SERIES.index("tasks:") : SERIES.index("model")],
        "",
        "1:1: a study has either task or tasks, and neither is given",
    ),
    "a misspelt form": ("tasks:", "taks:", "3:1: taks: unknown key 'taks'; did you mean 'tasks'?"),
    "too many for any": (
        "parameters: 900",
        "parameters: 9999999999",
        "6:21: model.parameters: task short: the largest",
    ),
    "no name": ("study: both\n", "", "missing key 'study'"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_are_said_at_their_places(mistake: str) -> None:
    old, new, said = WRONG[mistake]
    assert old in SERIES
    found = messages(SERIES.replace(old, new, 1))
    assert any(said in message for message in found), found


def test_what_all_tasks_share_is_said_once_and_the_rest_says_whose_it_is() -> None:
    text = SERIES.replace("[gru, rnn]", "[gru, rn]").replace("length: 20", "length: 2").replace("adding", "ading")
    found = [message.partition("; ")[0] for message in messages(text)]
    assert found == [
        "<text>:4:41: tasks.short.length: must be at least 10, got 2",
        "<text>:5:16: tasks.long.name: no task is called 'ading'",
        "<text>:10:18: baselines[1]: no shipped cell or wiring is called 'rn'",
    ]
    readout = SERIES.replace("parameters: 900", "parameters: 900, readout: every").replace("adding", "copy_memory")
    found = messages(readout.replace("length: 50", "length: 5"))
    assert len(found) == 1
    assert "6:35: model.readout: task short: the task 'temporal_order' is not read at 'every'" in found[0]


def test_every_cell_that_does_not_fit_is_named_with_its_smallest_number() -> None:
    place = "<text>:6:21: model.parameters: task short"
    assert messages(SERIES.replace("parameters: 900", "parameters: 20")) == [
        f"{place}: the smallest model of {cell} has {least} parameters, more than 20; allowed: {least} or more"
        for cell, least in (("gru", 39), ("lstm_to_gru", 40))
    ]


@pytest.mark.parametrize(
    ("holes", "what"),
    [
        ("model.parameters: {int: [38, 100000]}", "the smallest model of gru has 39 parameters, more than 38"),
        (
            "model.parameters: {int: [39, 100000]}\n  model.layers: [1, 3]",
            "the smallest model of gru has 59 parameters",
        ),
        ("model.parameters: {int: [900, 201640000]}", "the largest model of gru has 201588740 parameters"),
        ("model.layers: [1, 90]", None),
    ],
)
def test_a_baseline_that_some_draw_would_not_fit_is_found_before_the_study_begins(holes: str, what: str | None) -> None:
    """Such a draw would end the study in its middle, and random draws hardly ever meet the ends of a range."""
    text = SERIES.replace("training.learning_rate: {float: [0.001, 0.1], log: true}", holes)
    found = messages(text.replace("parameters: 900", "parameters: 39" if what is None else "parameters: 900"))
    wanted = (
        f"<text>:9:21: holes.model.parameters: task short: {what}" if what else "<text>:9:21: holes.model.layers[1]"
    )
    assert any(message.startswith(wanted) for message in found), found


def test_the_least_that_fits_the_baselines_is_taken() -> None:
    text = SERIES.replace("training.learning_rate: {float: [0.001, 0.1], log: true}", "model.parameters: [70, 900]")
    assert [definition.name for definition in load_studies(text)] == ["both.short", "both.long"]


def test_python_runs_one_study_or_each(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    monkeypatch.setattr("archsearch.findings.session.run_study", lambda definition, *_: ran.append(definition.name))
    assert [session.name for session in archsearch.run_studies(SERIES, url)] == ["both.short", "both.long"]
    assert archsearch.run(TEXT, url).name == "small"
    assert [session.storage for session in archsearch.run_studies(TEXT, url)] == [url]
    assert ran == ["both.short", "both.long", "small", "small"]


def test_a_series_is_found_by_its_file_by_its_name_and_each_study_by_its_own(url: str, tmp_path: Path) -> None:
    first, second = load_studies(SERIES)
    path = tmp_path / "both.yaml"
    path.write_text(SERIES)
    with FreeStore.create(url) as store:
        with pytest.raises(InvalidInput, match=r"no study 'both\.short'"):
            find_studies(store, str(path))
        store.create_study(second.name, second.text)
        found = find_studies(store, str(path))
        assert ([row.name for row in found.rows], found.missing, found.several) == (
            ["both.long"], ("both.short",), True,
        )  # fmt: skip
        store.create_study("bothers", second.text)
        store.create_study(first.name, first.text)
        assert [row.name for row in find_studies(store, str(path)).rows] == ["both.short", "both.long"]
        assert [row.name for row in find_studies(store, "both").rows] == ["both.long", "both.short"]
        alone = find_studies(store, "both.short")
        assert ([row.name for row in alone.rows], alone.several) == (["both.short"], False)
        with pytest.raises(InvalidInput, match=r"no study 'bot'.*did you mean 'both"):
            find_studies(store, "bot")
