"""What the runner must not overlook between two looks: progress before a death, and what was written just before it."""

from __future__ import annotations

import pytest

from archsearch.study.runner.supervisor import PATIENCE
from tests.study.runner.hall import Hall


def test_progress_counts_although_its_server_dies_with_it(hall: Hall) -> None:
    """Three power cuts, however far apart, are not three deaths in a row: the next server does not know what was."""
    hall.queue("a")
    hall.look()
    for number in range(3):
        hall.progress("a", number)
        hall.look(1)
        hall.restart()
        assert hall.look(1) == ["a"]
        assert hall.job("a").crashes == 1


def test_a_cancel_just_before_a_death_is_not_overlooked(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner has read the jobs, then the process is gone: it reads the job again before it starts another one."""
    hall.queue("a")
    hall.look()
    jobs = hall.store.jobs()
    hall.store.cancel(hall.id("a"))
    hall.die("a", -9)
    monkeypatch.setattr(hall.store, "jobs", lambda: jobs)
    assert hall.look() == []
    assert hall.state("a") == "cancelled"


def test_a_killed_process_that_lingers_is_told_of_once(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "archsearch.runner")
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    for _ in range(5):
        hall.look(PATIENCE)
    assert hall.machine.processes["a"].killed > 1
    assert [record.message for record in caplog.records].count("coordinator killed") == 1


def test_a_study_that_cannot_be_started_holds_up_no_other(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """Where the machine has no process to give for a moment."""
    hall.queue("a")
    hall.look()
    hall.queue("b")
    hall.queue("c")
    failing = iter([OSError(11, "Resource temporarily unavailable")])

    def fail_once() -> None:
        for error in failing:
            raise error

    hall.machine.before_note = fail_once
    assert hall.look() == ["c"]
    assert [record.message for record in caplog.records] == ["no coordinator"]
    assert hall.look(1) == []
    hall.finish("a")
    assert hall.look(30) == ["b"]
    assert {name: hall.state(name) for name in "abc"} == {"a": "finished", "b": "running", "c": "running"}
    assert hall.job("b").crashes == 0


def test_a_study_that_could_not_be_started_can_be_cancelled(hall: Hall) -> None:
    def fail() -> None:
        raise OSError(12, "Cannot allocate memory")

    hall.machine.before_note = fail
    hall.queue("a")
    assert hall.look() == []
    hall.store.cancel(hall.id("a"))
    assert hall.look(1) == []
    assert hall.state("a") == "cancelled"
