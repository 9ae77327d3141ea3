"""The models of files from Python: as YAML and back, validated, and taken wherever a text is."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import archsearch
from archsearch import Cell, Space, Study, Wiring
from archsearch.errors import InvalidInput
from archsearch.registry import shipped_names, shipped_path
from archsearch.schema.document import read_document
from archsearch.schema.file import File
from archsearch.schema.series_names import is_series
from archsearch.schema.wiring import Gates
from archsearch.space import load_space
from archsearch.study.checking import check_file
from archsearch.study.definition import load_study

FOLDERS: dict[str, type[File]] = {"spaces/cells": Cell, "spaces/wirings": Wiring, "spaces": Space, "studies": Study}
FILES = [
    (folder, name)
    for folder in FOLDERS
    for name in shipped_names(folder)
    if not is_series(read_document(shipped_path(folder, name)).data)  # which stands for several studies
]

LANGUAGE = Path(__file__).parents[2] / "docs/language.md"
GATES: Any = {"forget": {"bias": 1}}
HOLES: Any = {"cell_input": ["tanh", "relu"]}
WIRING = Wiring(wiring="mine", gates=GATES, cell_input="relu")
SPACE = Space(space="mine", wiring="lstm", holes=HOLES, contains=["lstm"])
VALUES: dict[str, Any] = {
    "study": "small",
    "space": SPACE,
    "task": {"name": "parity", "train_length": 3, "test_length": 6},
    "model": {"hidden_size": 4},
    "training": {"learning_rate": 0.02, "sequences": 320, "clip": "none"},
    "baselines": ["rnn"],
    "search": {"trials": 2},
}
STUDY = Study(**VALUES)


def with_options(options: Any) -> Space:
    return Space(space="s", cell="lstm", holes={"h": options})


@pytest.mark.parametrize(("folder", "name"), FILES)
def test_a_shipped_file_is_written_as_it_was_meant(folder: str, name: str) -> None:
    model = FOLDERS[folder].from_yaml(shipped_path(folder, name))
    written = model.to_yaml()
    assert FOLDERS[folder].from_yaml(written) == model
    assert written.startswith(f"{FOLDERS[folder].__name__.lower()}: {name}\n")


@pytest.mark.parametrize(
    ("folder", "name"), [("spaces/cells", "lstm"), ("spaces/wirings", "gru"), ("spaces", "two_timescales")]
)
def test_validate_says_what_the_command_says(folder: str, name: str) -> None:
    path = shipped_path(folder, name)
    assert FOLDERS[folder].from_yaml(path).validate() == check_file(path, None).proved


@given(
    st.lists(
        st.text(
            st.characters(max_codepoint=0x2000, exclude_categories=["Cc", "Cs", "Cn"])
            | st.sampled_from("\t -:#{}[],&*!|>'\"%@`?.~=0123456789eE_xob"),
            min_size=1,
            max_size=90,
        ),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_every_label_and_text_comes_back(texts: list[str]) -> None:
    space = with_options({"one_of": {text: [text, {"a": text}] for text in texts}})
    assert Space.from_yaml(space.to_yaml()) == space


@pytest.mark.parametrize(
    "text", ["null", "~", "yes", "true", "1e3", "017", "1_000", "-.inf", "0x1", "<<", "", "- a", "a: b"]
)
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    space = with_options({"one_of": {"label": text}})
    assert Space.from_yaml(space.to_yaml()) == space


def test_minus_infinity_and_values_of_options_come_back() -> None:
    cell = Cell(cell="c", states={"h": -math.inf}, output="h", equations={"h": "max(h_prev, x)"})
    assert Cell.from_yaml(cell.to_yaml()) == cell
    assert Study.from_yaml(STUDY.to_yaml()) == STUDY
    assert STUDY.training.clip is None


def test_a_model_is_taken_where_a_text_is() -> None:
    assert archsearch.load(WIRING) == archsearch.load(WIRING.to_yaml())
    assert load_space(SPACE).definition.holes == load_space(SPACE.to_yaml()).definition.holes
    assert load_study(STUDY).text == load_study(STUDY.to_yaml()).text
    layer = archsearch.build(WIRING, input_size=3, hidden_size=4, seed=1)
    same = archsearch.build(archsearch.load(WIRING), 3, 4, seed=1)
    assert [name for name, _ in layer.named_parameters()] == [name for name, _ in same.named_parameters()]


def test_a_space_keeps_its_name_inside_a_study() -> None:
    assert "space:\n  space: mine\n" in STUDY.to_yaml()
    assert "space mine" in STUDY.validate()
    assert load_study(STUDY).space.name == "mine"
    assert load_study(Study(**VALUES | {"space": {"cell": "lstm"}})).space.name == "space"


def test_the_proof_finds_what_the_schema_cannot() -> None:
    with pytest.raises(InvalidInput, match="cell_input: with these gates it has no effect"):
        WIRING.model_copy(update={"gates": Gates(input="closed")}).validate()
    with pytest.raises(InvalidInput, match=r"contains\[0\]: gru is not among all configurations"):
        SPACE.model_copy(update={"contains": ["gru"]}).validate()
    with pytest.raises(InvalidInput, match="no task is called 'priority'"):
        Study(**VALUES | {"task": {"name": "priority"}}).validate()


def test_the_example_of_the_documentation_runs() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", LANGUAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    exec(block, {})


def test_faulty_values_and_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'cell\.yaml' is a text; for a file pass pathlib\.Path"):
        Cell.from_yaml("cell.yaml")
    with pytest.raises(ValidationError):
        Cell(cell="c", states={"h": math.nan}, output="h", equations={"h": "x"})
    (tmp_path / "cell.yaml").write_text("cell: c\nstates: {h: 0}\noutput: h\nequation: {h: x}\n", encoding="utf-8")
    with pytest.raises(
        InvalidInput, match=r"cell\.yaml:4:1: equation: unknown key 'equation'; did you mean 'equations'"
    ):
        Cell.from_yaml(tmp_path / "cell.yaml")
