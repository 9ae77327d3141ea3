"""The example of docs/tasks.md: it keeps the laws of the shipped tasks, and its study is sound."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from archsearch.cli.main import main
from archsearch.study.task_choice import make_task
from archsearch.tasks import SPLITS, Task
from tests.contract.test_tasks import check_each_sequence_by_itself, check_the_blind_guess, draw, perfect

TEXT = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def recall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """The task, in a folder of its own in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("my_tasks").mkdir()
    Path("my_tasks", "recall.py").write_text(blocks("python")[0], encoding="utf-8")
    return make_task("recall", {"length": 30}, Path("my_tasks"))


def test_the_example_keeps_the_laws_of_tasks(recall: Task) -> None:
    for split in SPLITS:
        check_each_sequence_by_itself(recall, split)
    check_the_blind_guess(recall)
    batch = draw(recall, 20)
    assert batch.inputs.dtype == np.float32
    assert batch.inputs.shape == (recall.longest, 20, recall.input_size)
    assert recall.score(perfect(batch, recall), batch) == 1
    assert recall.solved(perfect(batch, recall), batch)
    assert (batch.targets[-1] == batch.inputs[0].argmax(axis=1)).all()


def test_the_study_and_the_trial_of_the_example_run(recall: Task, capsys: pytest.CaptureFixture[str]) -> None:
    Path("study.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    assert main(["tasks", "recall", "--tasks-from", "my_tasks"]) == 0
    assert "Recall: which of four symbols came first?" in capsys.readouterr().out
    assert main(["validate", "study.yaml", "--tasks-from", "my_tasks"]) == 0
    exec(blocks("python")[1], {})


def test_every_kind_of_numbers_is_named() -> None:
    from archsearch.draws import Draws

    named = set(re.findall(r"`draws\.(\w+)", TEXT))
    assert named == {name for name in vars(Draws) if not name.startswith("_")} - {"words"}
