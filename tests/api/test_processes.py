"""The processes that check texts: each answers what it was asked, whatever a task of the user's own does in it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from archsearch.api import checker_child
from archsearch.errors import Interrupted, InvalidInput, Problem, Refused
from archsearch.server.processes import Broken, Processes
from tests.api.serving import PLENTY, Served, serving
from tests.api.test_validation import STUDY

CHECK = {"text": "cell: x", "samples": 0, "styled": True}

TASK = """import os
import sys
from typing import ClassVar
from pydantic import model_validator
from archsearch.errors import Refused
from archsearch.tasks.parity import Parity
{at_load}
class Own(Parity):
    'Mine.'
    @model_validator(mode="after")
    def look(self) -> "Own":
        {at_use}
        return self
TASK = Own
"""


def own(folder: Path, name: str, at_load: str = "", at_use: str = "pass") -> str:
    """The text of a study on a task of the user's own, which does this when it is loaded and when it is used."""
    (folder / f"{name}.py").write_text(TASK.format(at_load=at_load, at_use=at_use), encoding="utf-8")
    return STUDY.replace("name: parity", f"name: {name}")


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    folder.mkdir()
    return folder


@pytest.fixture
def own_served(storage: str, tasks: Path) -> Iterator[Served]:
    """A server with tasks of the user's own."""
    with serving(storage, tasks_from=tasks) as found:
        yield found


@pytest.mark.parametrize(
    "at_load",
    [
        "print(784)",
        "print('{}')",
        "print('a' * 100_000)",
        "os.write(1, b'784\\n')",
        "os.system('echo 784')",
        'print(\'{"number": 1, "result": {"studies": [["stolen", "{}"]], "problems": []}}\')',
    ],
)
def test_what_a_task_prints_is_nobodys_answer(own_served: Served, tasks: Path, at_load: str) -> None:
    client = own_served.client()
    text = own(tasks, "own", at_load)
    for name in ("first", "second", "third"):
        found = client.validate(text.replace("study: mine", f"study: {name}"))
        assert (found.valid, found.name) == (True, name)
    assert client.validate("cell: x").kind == "cell"


def test_a_task_that_reads_finds_nothing_to_read(own_served: Served, tasks: Path) -> None:
    text = own(tasks, "own", "assert sys.stdin.readline() == ''\nassert os.read(0, 10) == b''")
    assert own_served.client().validate(text).problems == ()


def test_what_is_refused_is_refused_here_too(own_served: Served, tasks: Path) -> None:
    text = own(tasks, "own", at_use="raise Refused('the data are elsewhere')")
    with own_served.http() as http:
        answer = http.post("/api/v1/validate", content=text, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "the data are elsewhere"


@pytest.mark.parametrize("at_use", ["raise KeyError('secret')", "sys.exit(3)"])
def test_an_error_that_nobody_has_foreseen_is_in_the_log_and_the_next_text_is_checked(
    own_served: Served, tasks: Path, caplog: pytest.LogCaptureFixture, at_use: str
) -> None:
    text = own(tasks, "own", at_use=at_use)
    with own_served.http() as http:
        answer = http.post("/api/v1/validate", content=text, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 500
    assert answer.json()["request"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.__dict__["facts"]["request"] == answer.json()["request"]
    assert record.exc_info is not None
    error = record.exc_info[1]
    assert isinstance(error, Broken)
    assert f", in look\n    {at_use}" in error.__notes__[0]
    assert not own_served.client().validate("cell: x").valid


def told(problem: Problem) -> list[dict[str, Any]]:
    """The problem as a process writes it."""
    return [vars(problem) | {"path": list(problem.path)}]


def reply_to(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    def fail(*_: object, **given: object) -> None:
        raise error

    monkeypatch.setattr(checker_child, "OPERATIONS", {"check": fail})
    reply = checker_child.reply_to({"number": 7, "operation": "check", "given": CHECK})
    found: dict[str, Any] = json.loads(json.dumps(reply, default=vars))
    return found


def test_a_process_replies_with_what_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem(("ir", 0), "is no cell", "allowed: one", line=3, column=4)
    assert reply_to(InvalidInput(problem), monkeypatch) == {"number": 7, "problems": told(problem)}
    assert reply_to(Refused("not now"), monkeypatch) == {"number": 7, "refused": "not now"}
    assert reply_to(Interrupted("stopped"), monkeypatch) == {"number": 7, "refused": "stopped"}
    found = reply_to(ValueError("secret"), monkeypatch)
    assert (found["number"], found["error"]) == (7, "ValueError")
    assert found["trace"].endswith("ValueError: secret\n")


def test_a_process_without_memory_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        reply_to(MemoryError(), monkeypatch)


class Scripted(Processes):
    """Processes that give the same reply to whatever they are asked, but for its number."""

    def __init__(self, reply: Mapping[str, Any], numbers: str = "asked") -> None:
        super().__init__("archsearch.api.checker_child", PLENTY, 1)
        self.started: list[asyncio.subprocess.Process] = []
        self._script = (
            "import json, sys\n"
            "for count, line in enumerate(sys.stdin):\n"
            "    asked = json.loads(line)['number']\n"
            f"    print(json.dumps({dict(reply)!r} | {{'number': {numbers}}}), flush=True)\n"
        )

    async def _start(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        found = await asyncio.create_subprocess_exec(sys.executable, "-c", self._script, stdin=pipe, stdout=pipe)
        self.started.append(found)
        return found


def ask(processes: Scripted, times: int = 1) -> list[Any]:
    """The results or errors of one request after the other."""

    async def run() -> list[Any]:
        found: list[Any] = []
        for _ in range(times):
            try:
                found.append(await processes.ask("check", **CHECK))
            except Exception as error:  # noqa: BLE001
                found.append(error)
        await processes.close()
        return found

    return asyncio.run(run())


def test_a_process_that_answers_something_else_is_ended_and_not_believed() -> None:
    processes = Scripted({"result": "of another client"}, "asked if count == 0 else asked - 1")
    first, second, third = ask(processes, 3)
    assert (first, third) == ("of another client",) * 2, "the third has a new process"
    assert isinstance(second, Broken)
    assert len(processes.started) == 2
    assert all(process.returncode is not None for process in processes.started)


def test_what_a_process_raises_is_raised() -> None:
    problem = Problem(("ir", 0), "is no cell", "allowed: one", line=3, column=4)
    (invalid,) = ask(Scripted({"problems": told(problem)}))
    assert isinstance(invalid, InvalidInput)
    assert invalid.problems == (problem,)
    processes = Scripted({"refused": "not now"})
    assert [str(each) for each in ask(processes, 2)] == ["not now"] * 2
    assert len(processes.started) == 1, "it is as good as before"


def test_a_process_in_which_something_went_wrong_is_ended() -> None:
    processes = Scripted({"error": "KeyError", "trace": "Traceback: here"})
    found = ask(processes, 2)
    assert [(str(each), each.__notes__) for each in found] == [("KeyError", ["Traceback: here"])] * 2
    assert len(processes.started) == 2
