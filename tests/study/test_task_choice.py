"""Tasks by name, and a user's own from a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.study.definition import load_study
from archsearch.study.task_choice import make_task, task_key, task_names
from tests.study.samples import changed

OWN = '''
"""A task of the user's own."""
from __future__ import annotations
from archsearch.tasks.parity import Parity

class Own(Parity):
    """Parity under another name."""

    extra: int = 3

TASK = Own
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "tasks"
    found.mkdir()
    (found / "own.py").write_text(OWN, encoding="utf-8")
    (found / "_shared.py").write_text("raise AssertionError", encoding="utf-8")
    (found / "notes.txt").write_text("", encoding="utf-8")
    return found


def test_own_tasks_stand_beside_the_shipped_ones(folder: Path) -> None:
    assert set(task_names(folder)) == {*registry.names("archsearch.tasks"), "own"}
    assert make_task("own", {"extra": 5}, folder).model_dump()["extra"] == 5
    assert make_task("parity", {}, folder) == make_task("parity", {})


def test_a_study_may_use_an_own_task(folder: Path) -> None:
    definition = load_study(changed(task={"name": "own"}).replace('"length": 10', '"extra": 4'), folder)
    assert definition.task_key["extra"] == 4
    with pytest.raises(InvalidInput, match=r"task\.name: no task is called 'own'"):
        load_study(changed(task={"name": "own"}))


def test_the_key_of_an_own_task_follows_its_file(folder: Path) -> None:
    before = task_key("own", make_task("own", {}, folder), folder)
    (folder / "own.py").write_text(OWN + "\n# changed\n", encoding="utf-8")
    after = task_key("own", make_task("own", {}, folder), folder)
    assert before["file"] != after["file"]
    assert {**before, "file": 0} == {**after, "file": 0}
    assert "file" not in task_key("parity", make_task("parity", {}, folder), folder)


def test_options_left_out_are_in_the_key() -> None:
    assert task_key("temporal_order", make_task("temporal_order", {})) == {
        "name": "temporal_order",
        "length": 100,
        "markers": 2,
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("parity", OWN, "a task 'parity' is shipped already"),
        ("broken", "raise RuntimeError('no')", "cannot be loaded: RuntimeError: no"),
        ("syntax", "def", "cannot be loaded: SyntaxError"),
        ("empty", "", "cannot be loaded: AttributeError"),
        ("wrong", "TASK = int", "TASK is not a subclass"),
    ],
)
def test_a_file_that_is_no_task_is_refused_with_its_name(folder: Path, name: str, text: str, words: str) -> None:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=words) as error:
        make_task(name, {}, folder)
    assert f"{name}.py" in str(error.value)


@pytest.mark.parametrize("name", ["../own", "own.py", "_shared", "notes", "os", ""])
def test_nothing_but_a_listed_name_is_ever_loaded(folder: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="no task is called"):
        make_task(name, {}, folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a folder of tasks"):
        task_names(tmp_path / "nowhere")
