"""`archsearch cells` and `archsearch tasks`: everything that may be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch import registry
from tests.cli.conftest import Call

TASK = '''"""A coin: it cannot be foreseen.

Heads or tails.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from archsearch.tasks import Batch, Task


class Coin(Task):
    loss: ClassVar[str] = "cross_entropy"
    readout: ClassVar[str] = "last"
    length: Annotated[int, Field(ge=1, le=9)] = 3
    fair: bool = True

    @property
    def input_size(self): return 1
    @property
    def output_size(self): return 2
    @property
    def longest(self): return self.length
    @property
    def baseline(self): return 0.5
    def draw(self, draws, split): raise NotImplementedError
    def score(self, outputs, batch): return 0.5
    def solved(self, outputs, batch): return False


TASK = Coin
'''


def test_every_shipped_cell_is_listed_with_its_source(call: Call) -> None:
    rows = call("cells", "--json").json["cells"]
    assert [row["name"] for row in rows] == sorted(
        {*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")}
    )
    assert all(row["source"] for row in rows)
    text = call("cells").out
    assert all(f"\n{row['name']} " in text for row in rows)


def test_costs_follow_the_sizes(call: Call) -> None:
    rows = call("cells", "--input-size", 2, "--hidden-size", 3, "--json").json["cells"]
    assert {row["name"]: row["parameters"] for row in rows}["rnn"] == 3 * (2 + 3 + 1)


def test_every_task_is_listed_with_options_and_baseline(call: Call) -> None:
    tasks = {task["task"]: task for task in call("tasks", "--json").json["tasks"]}
    assert set(tasks) == set(registry.names("archsearch.tasks"))
    assert all(task["summary"] for task in tasks.values())
    adding = {option["option"]: option for option in tasks["adding"]["options"]}
    assert adding["length"] == {
        "option": "length", "type": "whole number", "required": False, "default": 100, "bounds": ">= 12, <= 10,000"
    }  # fmt: skip
    assert adding["variant"]["bounds"] == "hochreiter | arjovsky"
    assert tasks["parity"]["baseline"] == 0.5


def test_a_task_that_needs_an_option_is_described_without_it(call: Call) -> None:
    (task,) = call("tasks", "sequences", "--json").json["tasks"]
    assert task["baseline"] is None
    assert task["options"][0]["required"]
    assert "(required)" in call("tasks", "sequences").out


def test_one_task_is_explained_in_full(call: Call) -> None:
    done = call("tasks", "temporal_order")
    assert "Hochreiter & Schmidhuber 1997" in done.out
    assert "baseline 0.25" in done.out


def test_an_unknown_task_meets_the_nearest_one(call: Call) -> None:
    done = call("tasks", "ading")
    assert done.status == 2
    assert "did you mean 'adding'?" in done.err


def test_tasks_of_the_users_own_are_listed_too(call: Call) -> None:
    Path("mine").mkdir()
    Path("mine", "coin.py").write_text(TASK)
    (coin,) = call("tasks", "coin", "--tasks-from", "mine", "--json").json["tasks"]
    assert (coin["summary"], coin["baseline"]) == ("A coin: it cannot be foreseen.", 0.5)
    assert "coin  A coin" in call("tasks", "--tasks-from", "mine").out


@pytest.mark.parametrize("content", ["TASK = 3", "raise RuntimeError('\x1b[31m')", "this is not python"])
def test_a_task_file_that_is_none_is_refused(call: Call, content: str) -> None:
    Path("mine").mkdir()
    Path("mine", "coin.py").write_text(content)
    done = call("tasks", "coin", "--tasks-from", "mine")
    assert done.status == 2
    assert "mine/coin.py" in done.err
    assert "\x1b" not in done.err


def test_a_folder_of_tasks_must_be_there(call: Call) -> None:
    done = call("tasks", "--tasks-from", "nowhere")
    assert done.status == 2
    assert "nowhere" in done.err
    assert "is not a folder" in done.err
