"""Coordinators that die, and servers that do: what is started again, adopted, or given up."""

from __future__ import annotations

import functools
import signal

import pytest

from archsearch.study.runner.processes import HELD, UNAVAILABLE
from archsearch.study.runner.supervisor import PATIENCE
from tests.study.runner.hall import Hall
from tests.study.runner.machine import Process

# --- crashes


def crash(hall: Hall, name: str, status: int = -11) -> list[str]:
    """Let a process die, then look for as long as it may take until the next one is started."""
    hall.die(name, status)
    return [study for _ in range(5) for study in hall.look(1)]


def test_a_process_that_died_is_started_again(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.die("a", -9)
    assert hall.look() == ["a"], "at once"
    assert hall.job("a").crashes == 1
    assert hall.state("a") == "running"


def test_three_deaths_without_progress_are_enough(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    assert crash(hall, "a") == ["a"]
    assert crash(hall, "a", 1) == ["a"]
    assert crash(hall, "a") == []
    job = hall.job("a")
    assert (job.state, job.reason) == ("failed", "its process died 3 times in a row: SIGSEGV")
    assert hall.state("a") == "failed"
    assert hall.look(3600) == []
    hall.queue("a")
    assert hall.look() == ["a"], "it may be asked for again"
    assert hall.job("a").crashes == 0


@pytest.mark.parametrize(
    ("status", "reason"),
    [(-9, "SIGKILL"), (1, "status 1"), (-signal.SIGRTMIN - 1, f"signal {signal.SIGRTMIN + 1}")],
)
def test_the_reason_says_how_it_died(hall: Hall, status: int, reason: str) -> None:
    hall.queue("a")
    hall.look()
    for _ in range(3):
        crash(hall, "a", status)
    assert hall.job("a").reason == f"its process died 3 times in a row: {reason}"


def test_what_died_twice_waits_before_it_is_started_a_third_time(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.die("a", -9)
    hall.look()
    hall.die("a", -9)
    assert hall.look() == []
    assert hall.look(0.5) == []
    assert hall.look(0.5) == ["a"]


def test_a_study_that_gets_on_between_its_crashes_is_never_given_up(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    for number in range(2 * 3):
        if number % 2:
            hall.progress("a", number)
        assert crash(hall, "a") == ["a"]
    assert hall.job("a").crashes == 2 - 1


def test_the_death_of_one_study_holds_up_no_other(hall: Hall) -> None:
    hall.queue("a")
    hall.queue("b")
    hall.look()
    for _ in range(3):
        crash(hall, "a")
    hall.queue("c")
    assert hall.look() == ["c"]
    assert [hall.state(name) for name in "abc"] == ["failed", "running", "running"]


@pytest.mark.parametrize("status", [HELD, UNAVAILABLE])
def test_a_study_that_cannot_be_run_for_now_is_tried_again_ever_more_rarely(hall: Hall, status: int) -> None:
    """Because another process runs it, or the database does not answer."""
    hall.queue("a")
    hall.look()
    gaps = []
    for _ in range(7):
        hall.die("a", status)
        since = hall.now
        while not hall.look(0.5):
            assert hall.now < since + 100
        gaps.append(hall.now - since)
    assert gaps == sorted(gaps)
    assert gaps[0] < 4
    assert 25 < gaps[-1] < 35
    assert (hall.job("a").state, hall.job("a").crashes) == ("running", 0)


def test_a_study_that_somebody_else_runs_for_weeks_is_still_tried_again(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.supervisor._supervised[hall.id("a")].refusals = 50_000
    hall.die("a", HELD)
    assert hall.look() == []
    assert hall.look(31) == ["a"]


@pytest.mark.parametrize("status", [HELD, UNAVAILABLE])
def test_a_study_that_cannot_be_run_for_now_has_no_crash_for_the_next_server_either(hall: Hall, status: int) -> None:
    hall.queue("a")
    hall.look()
    for _ in range(4):
        hall.die("a", status)
        assert hall.look() == []
        assert hall.job("a").pid is None
        hall.restart()
        assert hall.look() == ["a"]
        assert (hall.job("a").state, hall.job("a").crashes) == ("running", 0)


def test_what_is_lacking_is_told_of_each_time_and_who_else_runs_a_study_once(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "archsearch.runner")
    hall.queue("a")
    hall.look()
    for status, told in ((HELD, 1), (HELD, 1), (UNAVAILABLE, 2), (UNAVAILABLE, 3)):
        hall.die("a", status)
        hall.look()
        assert [record.message for record in caplog.records].count("coordinator put off") == told
        assert hall.look(31) == ["a"]
    assert caplog.records[-2].facts["status"] == UNAVAILABLE  # type: ignore[attr-defined]


def test_a_study_that_got_on_before_the_database_was_gone_has_no_crashes_any_more(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    crash(hall, "a")
    assert hall.job("a").crashes == 1
    hall.progress("a", 0)
    hall.die("a", UNAVAILABLE)
    hall.look()
    assert hall.job("a").crashes == 0


@pytest.mark.parametrize("when", ["it waits", "it tries again"])
def test_a_study_that_somebody_else_runs_can_be_cancelled_and_goes_on_there(hall: Hall, when: str) -> None:
    hall.queue("a")
    hall.look()
    hall.die("a", HELD)
    hall.look()
    if when == "it tries again":
        assert hall.look(5) == ["a"]
    hall.store.cancel(hall.id("a"))
    if when == "it tries again":
        hall.look()
        hall.die("a", -15)
    assert hall.look() == []
    assert hall.state("a") == "cancelled"
    assert hall.coordinator_state("a") == "running"
    hall.store.end_study(hall.id("a"), "finished")
    assert hall.state("a") == "finished"


def test_a_study_that_is_found_held_and_is_to_stop_goes_on_where_it_runs(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    hall.die("a", HELD)
    hall.look()
    assert (hall.state("a"), hall.coordinator_state("a")) == ("cancelled", "running")


def test_a_study_whose_process_was_killed_is_interrupted(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    hall.die("a", -9)
    hall.look()
    assert (hall.state("a"), hall.coordinator_state("a")) == ("cancelled", "interrupted")


def test_a_study_that_cannot_be_run_is_left_as_its_process_left_it(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.fail_job(hall.id("a"), "the task is gone")
    hall.die("a", 1)
    assert hall.look(60) == []
    assert (hall.job("a").state, hall.job("a").reason) == ("failed", "the task is gone")


def test_every_process_is_asked_how_it_ended(hall: Hall) -> None:
    """One that nobody asks remains in the system as a zombie."""
    asked = []

    class Asked(Process):
        @property
        def status(self) -> int | None:
            asked.append(self.pid)
            return 1

        @status.setter
        def status(self, value: int | None) -> None:
            """Always dead."""

    hall.queue("a")
    hall.look()
    hall.supervisor._supervised[hall.id("a")].process = Asked(7)
    hall.store.fail_job(hall.id("a"), "the task is gone")
    hall.look()
    assert asked
    assert hall.supervisor._supervised == {}


# --- a new server


def test_a_process_that_lives_is_adopted(hall: Hall) -> None:
    hall.queue("a", 3)
    hall.queue("b", 2)
    hall.look()
    before = hall.job("a")
    old = Process(100, own=False)
    hall.restart(a=old)
    assert hall.look() == []
    assert hall.machine.found == ["a"]
    assert hall.job("a") == before
    hall.store.end_study(hall.id("a"), "finished")
    old.status = 1
    assert hall.look() == ["b"], "the adopted one had its cores"
    assert hall.state("a") == "finished"


def test_an_adopted_process_is_cancelled_as_any_other(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    old = Process(100, own=False)
    hall.restart(a=old)
    hall.store.cancel(hall.id("a"))
    hall.look()
    hall.look(PATIENCE + 1)
    assert (old.asked, old.killed) == (1, 1)
    old.status = 1
    hall.look()
    assert hall.state("a") == "cancelled"


def test_a_process_that_died_with_its_server_is_started_again(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.restart()
    assert hall.look() == ["a"]
    assert hall.job("a").crashes == 1


def test_an_adopted_process_that_dies_too_often_fails_without_a_signal_to_name(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    for _ in range(3):
        hall.restart()
        hall.look(60)
    assert hall.job("a").reason == "its process died 3 times in a row: its exit status is unknown"


def test_what_was_to_stop_when_its_server_died_has_stopped(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    hall.restart()
    assert hall.look() == []
    assert hall.state("a") == "cancelled"


def test_a_server_that_died_before_it_could_start_the_process_counts_no_crash(hall: Hall) -> None:
    hall.queue("a")

    def die() -> None:
        raise KeyboardInterrupt

    hall.machine.before_note = die
    with pytest.raises(KeyboardInterrupt):
        hall.look()
    assert (hall.job("a").state, hall.job("a").pid) == ("running", None)
    hall.machine.before_note = lambda: None
    hall.restart()
    assert hall.look() == ["a"]
    assert hall.job("a").crashes == 0


def test_a_stopped_server_leaves_its_jobs_to_the_next_and_counts_no_crash(hall: Hall) -> None:
    for name in "abc":
        hall.queue(name, 2)
    hall.look()
    for process in hall.machine.processes.values():
        process.when_asked = functools.partial(setattr, process, "status", 130)
    hall.supervisor.stop()
    assert [process.asked for process in hall.machine.processes.values()] == [1, 1]
    assert [(hall.state(name), hall.job(name).pid) for name in "abc"] == [
        ("running", None),
        ("running", None),
        ("queued", None),
    ]
    hall.restart()
    assert hall.look() == ["a", "b"]
    assert [hall.job(name).crashes for name in "ab"] == [0, 0]


def test_a_stopped_server_waits_for_its_processes_and_not_for_ever(hall: Hall) -> None:
    hall.queue("slow")
    hall.queue("stuck")
    hall.look()
    slow, stuck = (hall.machine.processes[name] for name in ("slow", "stuck"))
    began = hall.now

    def wait(seconds: float) -> None:
        hall.now += seconds
        if hall.now > began + PATIENCE / 2:
            slow.status = 130

    hall.supervisor.stop(wait)
    assert PATIENCE <= hall.now - began < PATIENCE + 1
    assert (slow.killed, stuck.killed) == (0, 0)
    assert hall.job("slow").pid is None
    assert hall.job("stuck").pid == stuck.pid, "the next server finds it"
    hall.restart(stuck=Process(stuck.pid, own=False))
    assert hall.look() == ["slow"]


def test_what_was_to_stop_when_its_server_was_stopped_has_stopped(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    process = hall.machine.processes["a"]
    process.when_asked = lambda: setattr(process, "status", 130)
    hall.supervisor.stop()
    assert (hall.state("a"), hall.coordinator_state("a")) == ("cancelled", "interrupted")


def test_a_study_that_ended_while_its_server_stopped_has_ended(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.machine.processes["a"].when_asked = lambda: hall.finish("a")
    hall.supervisor.stop()
    assert hall.state("a") == "finished"
    assert hall.store.jobs() == ()
