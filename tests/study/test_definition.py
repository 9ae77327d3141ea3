"""Study files: what they name is looked up, and everything that is wrong is said at once."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.space import RandomChooser
from archsearch.space.size import every_configuration
from archsearch.study.definition import load_studies, load_study, read_definition
from tests.study.samples import TEXT, changed, small


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        load_study(text)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("name", registry.shipped_names("studies"))
def test_every_shipped_study_loads_by_name_and_reads_back_from_its_text(name: str) -> None:
    for definition in load_studies(name):
        again = read_definition(definition.text)
        assert again.text == definition.text
        assert again.space.name == definition.space.name
        assert [each.label for each in again.baselines] == [each.label for each in definition.baselines]
        assert again.task_key == definition.task_key


def test_what_is_read_back_makes_the_same_candidates() -> None:
    import random

    for definition in (small(), load_study("quickstart")):
        again = read_definition(definition.text)
        for seed in range(20):
            fills: list[object] = []
            for each in (definition, again):
                try:
                    fills.append(each.candidates.fill(RandomChooser(random.Random(seed))))
                except InvalidInput as error:
                    fills.append(str(error))
            assert fills[0] == fills[1]


def test_the_text_is_plain_json_and_keeps_the_order_of_equations() -> None:
    kept = json.loads(small().text)
    assert list(kept["study"]["space"]["cell"]["equations"]) == ["f", "g", "h"]
    assert kept["study"]["report"]["seeds"] == 2
    assert kept["task"] == {"name": "temporal_order", "length": 10, "markers": 2}
    assert kept["baselines"].keys() == {"rnn", "gru"}


def test_a_state_that_starts_at_minus_infinity_survives_the_text(tmp_path: Path) -> None:
    equations = "{m: 'max(m_prev, h_prev)', h: {linear: [x, m], activation: tanh}}"
    cell = f"cell: low\nstates: {{h: 0, m: -.inf}}\noutput: h\nequations: {equations}\n"
    (tmp_path / "low.yaml").write_text(cell, encoding="utf-8")
    definition = small(space={"cell": str(tmp_path / "low.yaml")}, baselines=[str(tmp_path / "low.yaml")])
    assert "-1e999" in definition.text
    assert "Infinity" not in definition.text
    again = read_definition(definition.text)
    assert again.baselines[0].cell.states["m"] == -math.inf
    assert again.candidates.fill(RandomChooser(None)).spec.cell.states["m"] == -math.inf  # type: ignore[arg-type]


def test_an_option_of_minus_infinity_survives_the_text() -> None:
    space = {
        "cell": {
            "states": {"h": 0, "m": "$low"},
            "output": "h",
            "equations": {"m": "$what", "h": {"linear": ["x", "m"], "activation": "tanh"}},
        },
        "holes": {
            "low": {"one_of": {"low": "LOW", "zero": 0}},
            "what": {"one_of": {"most": "max(m_prev, h_prev)", "sum": {"linear": ["x", "h_prev"], "bias": 0.5}}},
        },
    }
    definition = load_study(changed(space=space).replace('"LOW"', "-.inf"))
    assert '"low":-1e999' in definition.text
    again = read_definition(definition.text)
    assert again.space.definition.holes == definition.space.definition.holes
    assert again.text == definition.text
    starts = {configuration.cell.states["m"] for configuration in every_configuration(again.space)}
    assert starts == {-math.inf, 0.0}


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "space.yaml").write_text(
        "space: mine\nwiring: lstm\nholes: {cell_input: [tanh, relu]}\n", encoding="utf-8"
    )
    (folder / "cell.yaml").write_text("wiring: own\n", encoding="utf-8")
    (folder / "study.yaml").write_text(
        changed(space="./space.yaml", baselines=["./cell.yaml", "gru"]), encoding="utf-8"
    )
    for source in (folder / "study.yaml", str(folder / "study.yaml")):
        definition = load_study(source)
        assert definition.space.name == "mine"
        assert [each.label for each in definition.baselines] == ["own", "gru"]


def test_every_unknown_name_is_reported_with_its_place_and_the_nearest_one() -> None:
    text = (
        TEXT.replace("backend: reference\n", "")
        .replace("temporal_order, length", "temporal_oder, length")
        .replace("[rnn, gru]", "[rnn, gruu]")
        .replace("sampler: random", "sampler: randm")
        .replace("pruner: none", "pruner: nome")
        .replace("seed: 20", "backend: [reference, natve]\nseed: 20")
    )
    found = problems(text)
    for line, (key, near) in zip(
        found,
        [
            ("task.name", "temporal_order"),
            ("baselines[1]", "gru"),
            ("search.sampler", "random"),
            ("search.pruner", "none"),
            ("backend[1]", "native"),
        ],
        strict=True,
    ):
        assert f": {key}: " in line
        assert f"did you mean '{near}'?" in line
    places = [tuple(map(int, line.split(":")[1:3])) for line in found]
    assert places == sorted(places)
    assert all(line > 1 and column > 1 for line, column in places)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"task": {"length": 5}}, "task.length: must be at least 10, got 5"),
        ({"task": {"colour": "red"}}, "task.colour: unknown key 'colour'"),
        (
            {"model": {"readout": "every"}},
            "model.readout: the task 'temporal_order' is not read at 'every'; allowed: last",
        ),
        ({"holes": {"model.readout": ["last", "every"]}}, "holes.model.readout: the task 'temporal_order' decides it"),
        ({"holes": {"training.rate": [1, 2]}}, "holes.training.rate: no field is called 'training.rate'"),
        ({"holes": {"training.clip": [-1.0]}}, "must be greater than 0"),
        ({"baselines": ["rnn", "rnn"]}, "baselines[1]: a second baseline is called 'rnn'"),
        ({"report": {"best": 3}}, "report.best: 3 are to be reported, but only 2 confirmed"),
        ({"space": "nowhere/space.yaml"}, "nowhere/space.yaml"),
        ({"space": {"cell": "rnn", "holes": {"phi": ["tanh"]}}}, "space.holes.phi: nothing uses the hole '$phi'"),
        ({"limits": {"parameters": 10}}, "limits: each of 20 candidates drawn at random would fail: parameters limit"),
        ({"limits": {"parameters": 10}}, "baselines[1]: this baseline would fail: parameters limit: "),
        ({"training": {"batch_size": 60_000}}, "would fail: memory limit: up to "),
        ({"training": {"test": 100_000}, "task": {"length": 100}}, "would fail: memory limit: up to "),
        ({"model": {"hidden_size": 8192, "layers": 32}}, "parameters limit"),
    ],
    ids=str,
)
def test_a_mistake_is_found_before_anything_is_built(changes: dict[str, object], words: str) -> None:
    assert any(words in line for line in problems(changed(**changes)))


def test_a_space_of_which_nothing_is_sound_is_a_mistake() -> None:
    space = {"cell": {"states": {"h": 0}, "output": "h", "equations": {"h": "$keep"}}, "holes": {"keep": ["lost + x"]}}
    assert any("nothing is called 'lost'" in line for line in problems(changed(space=space)))


def test_a_study_that_is_no_study_is_refused() -> None:
    assert "is called 'quickstrt'; did you mean 'quickstart'?" in problems("quickstrt")[0]
    assert problems("cell: x\nstates: {}\n")


def test_the_readout_is_part_of_the_spec_whether_it_is_said_or_not() -> None:
    said, unsaid = small(model={"readout": "last"}), small()
    (first, second) = (each.candidates.of_cell(each.baselines[0].cell, RandomChooser(None)) for each in (said, unsaid))  # type: ignore[arg-type]
    assert first.spec.model.readout == "last"
    assert first.spec_id == second.spec_id


def test_loading_a_study_needs_neither_torch_nor_optuna_nor_the_database() -> None:
    code = (
        "import sys\nfrom archsearch.study.definition import load_study\nload_study('quickstart')\n"
        "import archsearch.study.changes, archsearch.study.progress, archsearch.study.executors.local\n"
        "print(sorted({'torch', 'optuna'} & sys.modules.keys()))\n"
        "import archsearch.study.coordinator, archsearch.study.importance\n"
        "print(sorted({'torch', 'optuna'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"
