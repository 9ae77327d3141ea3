"""What the runner must not overlook between two looks, and what goes wrong at one study and is to hold up no other."""

from __future__ import annotations

import functools

import pytest

from archsearch.errors import Refused
from archsearch.store import Unavailable
from archsearch.store.store import Store
from archsearch.study.runner.supervisor import PATIENCE
from tests.study.runner.hall import Hall
from tests.study.runner.machine import Broken, Process


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


def test_a_study_that_could_not_be_started_again_has_died_once(hall: Hall) -> None:
    """Its dead process is counted by the server that saw it, and not by the next one as well."""

    def fail() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    hall.queue("a")
    hall.look()
    hall.die("a", -9)
    hall.machine.before_note = fail
    for _ in range(4):
        assert hall.look() == []
        assert (hall.job("a").state, hall.job("a").crashes) == ("running", 1)
        hall.restart()


# --- what goes wrong at one study

WRONG = [PermissionError(1, "Operation not permitted"), Refused("cannot lock the study"), ZeroDivisionError("a bug")]
PLACES = ["find", "status", "ask_to_end", "kill"]


@pytest.mark.parametrize("error", WRONG, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("at", PLACES)
def test_what_goes_wrong_at_one_study_keeps_no_other_from_its_turn(
    hall: Hall, at: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    for name in "ab":
        hall.queue(name)
    hall.look()
    for name in "ab":
        hall.store.cancel(hall.id(name))
    hall.queue("c")
    other = Process(101, own=False)
    hall.restart(a=Broken(at, error), b=other)
    assert hall.look() == ["c"]
    hall.look(PATIENCE + 1)
    hall.look()
    assert (other.asked, other.killed) == (1, 2)
    other.status = 1
    hall.look()
    assert [hall.state(name) for name in "abc"] == ["stopping", "cancelled", "running"]
    assert [record.message for record in caplog.records].count("a study is passed over") == 1, "it is said, and once"


def test_trouble_that_comes_again_is_said_again(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.queue("a")
    hall.look()
    care = hall.supervisor._supervised[hall.id("a")]
    for told in (1, 2):
        care.process = Broken("status", OSError(5, "Input/output error"))
        hall.look()
        hall.look()
        assert [record.message for record in caplog.records].count("a study is passed over") == told
        care.process = Process(100)
        hall.look()


def test_a_study_that_waits_and_whose_last_process_cannot_be_looked_at_holds_up_no_other(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.supervisor._supervised[hall.id("a")].process = Broken("status", OSError(5, "Input/output error"))
    hall.store.end_study(hall.id("a"), "finished")
    hall.queue("a")
    hall.queue("b")
    assert hall.look() == ["b"]


def test_a_bug_at_the_start_of_one_study_holds_up_no_other(hall: Hall) -> None:
    errors = iter([ZeroDivisionError("a bug"), ZeroDivisionError("a bug")])

    def fail_twice() -> None:
        for error in errors:
            raise error

    hall.machine.before_note = fail_twice
    for name in "abc":
        hall.queue(name)
    assert hall.look() == ["c"]
    assert hall.look() == ["a", "b"]
    assert [hall.job(name).crashes for name in "abc"] == [0, 0, 0]


@pytest.mark.parametrize("at", ["find", "status"])
def test_a_database_that_does_not_answer_concerns_all_studies(hall: Hall, at: str) -> None:
    hall.queue("a")
    hall.look()
    hall.restart(a=Broken(at, Unavailable("the database was locked")))
    with pytest.raises(Unavailable):
        hall.look()


# --- what goes wrong when a server stops


@pytest.mark.parametrize("error", [*WRONG, Unavailable("locked")], ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("at", PLACES[:3])
@pytest.mark.parametrize("known", [True, False], ids=["seen before", "new"])
def test_a_server_that_stops_lets_all_stop_that_can(hall: Hall, at: str, error: Exception, known: bool) -> None:
    for name in "abc":
        hall.queue(name)
    hall.look()
    others = {name: Process(100 + number, own=False) for number, name in enumerate("bc")}
    for process in others.values():
        process.when_asked = functools.partial(setattr, process, "status", 130)
    hall.restart(a=Broken(at, error), **others)
    if known and not isinstance(error, Unavailable):
        hall.look()
    hall.supervisor.stop(hall.wait)
    assert [process.asked for process in others.values()] == [1, 1]
    assert [hall.job(name).pid for name in "bc"] == [None, None]
    assert hall.job("a").pid is not None


@pytest.mark.parametrize("missing", ["jobs", "stop_job", "clear_process"])
def test_a_server_that_stops_without_its_database_stops_what_runs(
    hall: Hall, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        hall.queue(name)
    hall.look()
    hall.store.cancel(hall.id("b"))
    for process in hall.machine.processes.values():
        process.when_asked = functools.partial(setattr, process, "status", 130)

    def fail(*_: object) -> None:
        raise Unavailable("the database was locked")

    with monkeypatch.context() as patch:
        patch.setattr(Store, missing, fail)
        hall.supervisor.stop(hall.wait)
    assert [process.asked for process in hall.machine.processes.values()] == [1, 1]
    assert (hall.job("a").pid is None) == (missing != "clear_process")
    assert hall.state("b") == ("stopping" if missing == "stop_job" else "cancelled")


def test_a_server_that_leaves_touches_no_database(hall: Hall) -> None:
    for name in "ab":
        hall.queue(name)
    hall.look()
    hall.die("b", -9)
    before = hall.store.jobs()
    hall.supervisor.leave(hall.wait)
    assert [process.asked for process in hall.machine.processes.values()] == [1, 1]
    assert hall.store.jobs() == before
