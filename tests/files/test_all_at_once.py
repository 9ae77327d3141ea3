"""Every mistake of a file is told at the first attempt, once, in the order of the text, through every door."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from archsearch.errors import InvalidInput
from archsearch.space import load_cell, load_space
from archsearch.study.checking import check_file, check_study, check_text
from archsearch.study.definition import load_studies
from tests.files.bad_files import CELL, SPACE, STUDY

NINE = """study: s
space: lstm_to_gruu
task: {name: temporal_ordre, length: 40}
model: {hidden_size: 0, layrs: 2}
training: {learning_rate: fast}
baselines: [gru, lsmt]
search: {sampler: tpee, pruner: media}
backend: [natve]
holes: {training.learning_rat: [1]}
"""
NINE_LINES = [
    "2:8: space: no shipped space is called 'lstm_to_gruu'",
    "3:14: task.name: no task is called 'temporal_ordre'",
    "4:22: model.hidden_size: must be at least 1",
    "4:25: model.layrs: unknown key 'layrs'",
    "5:11: training: missing key 'sequences'",
    "5:27: training.learning_rate: must be a number",
    "6:18: baselines[1]: no shipped cell or wiring is called 'lsmt'",
    "7:9: search: missing key 'trials'",
    "7:19: search.sampler: no sampler is called 'tpee'",
    "7:33: search.pruner: no pruner is called 'media'",
    "8:11: backend[0]: no backend is called 'natve'",
    "9:9: holes.training.learning_rat: no field is called 'training.learning_rat'",
]
FILES: dict[str, tuple[str, list[str]]] = {
    "a study": (NINE, NINE_LINES),
    "a study with a space of its own": (
        STUDY.replace(
            "lstm_to_gru",
            "\n  wiring: lsmt\n  hoels: {}\n  holes:\n    squish: [tanh, identity]\n    squash: [tanh, idntity]",
        ).replace("trials: 2", "trials: 0"),
        [
            "3:11: space.wiring: no shipped wiring is called 'lsmt'",
            "4:3: space.hoels: unknown key 'hoels'",
            "6:5: space.holes.squish: no field is called 'squish'",
            "7:20: space.holes.squash[1]: must be one of the choices, not text 'idntity'",
            "12:18: search.trials: must be at least 1",
        ],
    ),
    "a study with several tasks": (
        STUDY.replace(
            "task: {name: temporal_order, length: 40}",
            "tasks:\n  a.b: {name: parity}\n  c: {name: addng}\n  d: 3\n  e: {name: adding, lenght: 90}",
        )
        .replace("[gru]", "[grru]")
        .replace("hidden_size: 8", "hidden_size: eight"),
        [
            "4:3: tasks.a.b: 'a.b' is not a legal name here",
            "5:13: tasks.c.name: no task is called 'addng'",
            "6:6: tasks.d: must be a mapping",
            "7:21: tasks.e.lenght: unknown key 'lenght'",
            "8:22: model.hidden_size: must be a whole number",
            "10:13: baselines[0]: no shipped cell",
        ],
    ),
    "a study without its task": (
        STUDY.replace("task: {name: temporal_order, length: 40}\n", "").replace("[gru]", "[grru]"),
        ["1:1: a study has either task or tasks, and neither is given", "5:13: baselines[0]: no shipped cell"],
    ),
    "a study with both sizes": (
        STUDY.replace("hidden_size: 8", "hidden_size: 8, readout: every, parameters: 9")
        + "holes: {model.parameters: [1], model.layers: [0]}\n",
        [
            "4:34: model.readout: the task 'temporal_order' is not read at 'every'",
            "4:41: model.parameters: a model has either hidden_size or parameters, and both are given",
            "8:47: holes.model.layers[0]: must be at least 1",
        ],
    ),
    "mistakes inside a misspelt key": (
        STUDY.replace("search: {trials: 2}", "serach: {trails: 2, sampler: tpee}"),
        [
            "7:1: serach: unknown key 'serach'; did you mean 'search'?",
            "7:10: serach.trails: unknown key 'trails'; did you mean 'trials'?",
            "7:30: serach.sampler: no sampler is called 'tpee'",
        ],
    ),
    "a space": (
        SPACE.replace("lstm", "lsmt").replace("squash", "squish") + "  coupling: [none, f = i]\ncontains: [grue, 3]\n",
        [
            "2:9: wiring: no shipped wiring is called 'lsmt'",
            "4:3: holes.squish: no field is called 'squish'",
            "5:20: holes.coupling[1]: must be one of the choices, not text 'f = i'",
            "6:12: contains[0]: no shipped cell or wiring is called 'grue'",
            "6:18: contains[1]: must be text",
        ],
    ),
    "a space of equations": (
        """space: s
cell:
  states: {h: 0, k: 0}
  output: h
  equations:
    z: {linear: $reeds, activation: sigmod}
    h: $phi(z) * hprev
    y: z * hprev
holes:
  reads: {subset_of: [x, h_prev]}
  lone: [1, 2]
  phi: [tanh, '$lone']
  keep: {lsit: [1]}
""",
        [
            "3:21: cell.states.k: no equation defines the state 'k'",
            "6:17: cell.equations.z.linear: the hole '$reeds' is not in the table; did you mean 'reads'?",
            "6:37: cell.equations.z.activation: must be one of the choices, not text 'sigmod'",
            "8:8: cell.equations.y: nothing is called 'hprev'",
            "12:15: holes.phi[1]: '$lone': an option may not use another hole",
            "13:9: holes.keep: a hole is a list of plain values, or a mapping with one of: one_of",
        ],
    ),
    "a wiring": (
        """wiring: w
gates: {input: ajar, forget: {activation: sigmod}}
peepholes: [inptu, forget]
coupling: i = 1-f
candidat: tanh
""",
        [
            "2:16: gates.input: must be a mapping, 'open' or 'closed'",
            "2:43: gates.forget.activation: must be one of the choices",
            "3:13: peepholes[0]: must be one of the choices",
            "4:11: coupling: must be one of the choices, not text 'i = 1-f'; did you mean 'i = 1 - f'?",
            "5:1: candidat: unknown key 'candidat'",
        ],
    ),
    "a wiring with what it does not use": (
        "wiring: w\ngates: {input: {bias: 1}, forget: {activation: sigmod}}\ncoupling: i = 1 - f\n",
        [
            "2:16: gates.input: the input gate is not used: coupling is 'i = 1 - f'",
            "2:48: gates.forget.activation: must be one of the choices",
        ],
    ),
    "a cell": (
        CELL.replace("sigmoid", "sigmod").replace("z * h_prev", "z * hprev").replace("output: h", "output: q")
        + "  y: [z]\n  w: y * lost\nstats: {}\n",
        [
            "3:9: output: no equation defines the output 'q'",
            "5:40: equations.z.activation: must be one of the choices",
            "6:6: equations.h: nothing is called 'hprev'",
            "7:6: equations.y: must be a mapping or text, not a list",
            "8:6: equations.w: nothing is called 'lost'",
            "9:1: stats: unknown key 'stats'",
        ],
    ),
}


def lines(error: InvalidInput) -> list[str]:
    """Each problem from its line and column on."""
    return [str(problem).partition(":")[2] for problem in error.problems]


def assert_told(found: list[str], expected: list[str]) -> None:
    """One line for each mistake, in order."""
    assert len(found) == len(expected), "\n".join(found)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize("name", FILES)
def test_all_mistakes_are_told_at_once_and_none_twice(name: str, tmp_path: Path) -> None:
    text, expected = FILES[name]
    (tmp_path / "f.yaml").write_text(text, encoding="utf-8")
    for report in (check_file(tmp_path / "f.yaml", None), check_text(text)):
        assert_told(lines(InvalidInput(report.problems)), expected)


DOORS: dict[str, Callable[[str], object]] = {
    "study": load_studies,
    "space": load_space,
    "wiring": load_cell,
    "cell": load_cell,
}


@pytest.mark.parametrize("name", FILES)
def test_other_doors_tell_the_same(name: str) -> None:
    text, expected = FILES[name]
    with pytest.raises(InvalidInput) as caught:
        DOORS[text.partition(":")[0]](text)
    promises = [line for line in expected if "contains" in line and "no shipped" in line]  # which only validate proves
    assert_told(lines(caught.value), [line for line in expected if line not in promises])


def test_a_study_and_its_space_in_two_texts_are_judged_together() -> None:
    report = check_study(NINE.replace("lstm_to_gruu", "s"), FILES["a space of equations"][0])
    space, study = FILES["a space of equations"][1], NINE_LINES[1:]
    assert_told(lines(InvalidInput(report.problems)), [*study, *space])
    report = check_study(NINE, "space: [")
    assert_told(lines(InvalidInput(report.problems)), ["1:9: ", *study])


def test_mistakes_in_other_files_are_placed_in_those_after_the_files_own(tmp_path: Path) -> None:
    (tmp_path / "space.yaml").write_text(SPACE.replace("squash", "squish"), encoding="utf-8")
    (tmp_path / "cell.yaml").write_text(
        CELL.replace("sigmoid", "sigmod").replace("z * h", "z * lost"), encoding="utf-8"
    )
    study = STUDY.replace("lstm_to_gru", "./space.yaml").replace("[gru]", "[grru, ./cell.yaml]").replace(": 2}", ": 0}")
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    found = [
        str(problem).removeprefix(f"{tmp_path}/") for problem in check_file(tmp_path / "study.yaml", None).problems
    ]
    assert_told(
        found,
        [
            "study.yaml:6:13: baselines[0]: no shipped",
            "study.yaml:7:18: search.trials: must be at least 1",
            "cell.yaml:5:40: equations.z.activation",
            "cell.yaml:6:6: equations.h: nothing is called 'lost_prev'",
            "space.yaml:4:3: holes.squish: no field is called 'squish'",
        ],
    )


EDITS = {
    "lstm_to_gru": "lstm_to_gruu",
    "length: 40": "lenght: 40",
    "hidden_size: 8": "hidden_size: 0",
    "learning_rate: 0.01": "learning_rate: '0.01'",
    "sequences: 640": "seqences: 640",
    "[gru]": "[grru]",
    "trials: 2": "trials: -1",
    "sampler: tpe": "sampler: tpee",
    "pruner: none": "prunner: none",
    "seconds: 9": "seconds: 9s",
    "best: 2": "best: 2.0",
    "native": "natve",
    "seed: 1": "seed: one",
    "training.clip": "training.clipp",
    "study: s": "study: s t",
}
WHOLE = (
    STUDY.replace("trials: 2", "trials: 2, sampler: tpe, pruner: none")
    + "limits: {seconds: 9}\nconfirm: {best: 2}\nbackend: native\nseed: 1\nholes: {training.clip: [none, 1.0]}\n"
)


def told(edits: tuple[str, ...]) -> set[str]:
    """What is said of the study after these edits, without columns, which move."""
    text = WHOLE
    for old in edits:
        assert old in text
        text = text.replace(old, EDITS[old], 1)
    return {line.partition(": ")[2] for line in lines(InvalidInput(check_text(text).problems))}


def test_mistakes_that_are_told_alone_are_told_together() -> None:
    assert told(()) == set()
    alone = {edit: told((edit,)) for edit in EDITS}
    assert all(len(found) == 1 for found in alone.values()), alone
    for edits in [*itertools.combinations(EDITS, 2), tuple(EDITS)]:
        assert told(edits) == set.union(*(alone[edit] for edit in edits)), edits
