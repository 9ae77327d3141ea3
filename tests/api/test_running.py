"""From a text to a board: a server with its runner, which runs a real study."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil

from archsearch.errors import Refused
from tests.api.serving import serving
from tests.api.test_launching import SPACE
from tests.study.texts import STUDY

TINY = f"{STUDY}confirm: {{best: 1, seeds: 1}}\nreport: {{best: 1, seeds: 2}}\nlimits: {{seconds: 120}}\n"
LONG = TINY.replace("sequences: 320", "sequences: 1000000000").replace("small", "long")
PATIENCE = 60.0


def until(happened: Callable[[], bool]) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline


def coordinators() -> list[psutil.Process]:
    """Those that this process has started and not yet seen end."""
    return [child for child in psutil.Process().children() if _is_coordinator(child)]


def _is_coordinator(child: psutil.Process) -> bool:
    try:
        command = child.cmdline()
        return not command or "archsearch.study.runner.child" in command  # without a command it is about to end
    except psutil.ZombieProcess:
        return True
    except psutil.NoSuchProcess:
        return False


def done(act: Callable[[], object]) -> bool:
    """Whether the server does it."""
    try:
        act()
    except Refused:
        return False
    return True


def test_a_study_is_created_started_followed_and_read(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'a.db'}", run=True, cores=1) as found:
        client = found.client()
        assert client.queue().cores == 1
        (study,) = client.create(TINY, SPACE, start=True).studies
        assert study.state in ("queued", "running")
        progress = list(client.events("small"))
        assert {each.state for each in progress} <= {"queued", "running", "finished"}
        assert (progress[-1].state, progress[-1].trials) == ("finished", 2)
        board = client.board("small")
        assert (board.phase, board.decided) == ("report", True)
        assert {row.role for row in board.rows} == {"candidate", "baseline"}
        winner = next(row for row in board.rows if row.role == "candidate")
        assert client.candidate("small", winner.spec_id).parameters == winner.parameters
        assert client.diagram("small", winner.spec_id).startswith("<svg ")
        assert client.queue().jobs == ()
        until(lambda: not coordinators())
        client.delete("small")
        assert client.studies().total == 0


def test_a_study_that_runs_is_cancelled_and_the_next_one_gets_its_cores(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'a.db'}", run=True, cores=1) as found:
        client = found.client()
        client.create(LONG, SPACE, start=True)
        client.create(TINY, SPACE, start=True)
        events = client.events("long")
        assert next(event.state for event in events if event.state != "queued") == "running"
        assert [(job.study, job.state) for job in client.queue().jobs] == [("long", "running"), ("small", "queued")]
        assert not done(lambda: client.delete("long"))
        assert client.cancel("long").state == "stopping"
        assert [event.state for event in events][-1] == "cancelled"
        assert [event.state for event in client.events("small")][-1] == "finished"
        until(lambda: not coordinators())


def test_a_server_that_stops_leaves_its_study_to_the_next_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with serving(url, run=True, cores=1) as found:
        client = found.client()
        client.create(LONG, SPACE, start=True)
        assert any(event.state == "running" for event in client.events("long"))
    until(lambda: not coordinators())
    with serving(url, run=True, cores=1) as found:
        client = found.client()
        until(lambda: bool(coordinators()))
        assert client.study("long").state == "running"
        client.cancel("long")
        assert [event.state for event in client.events("long")][-1] == "cancelled"
        until(lambda: not coordinators())
