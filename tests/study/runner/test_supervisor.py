"""What is done at each look at the queue: its order, the cores, and cancelling."""

from __future__ import annotations

import pytest

from archsearch.study.runner.processes import here
from archsearch.study.runner.supervisor import PATIENCE
from tests.databases.fixtures import BOTH
from tests.study.runner.hall import Hall

pytestmark = BOTH

# --- the queue


def test_what_waits_is_started_in_the_order_of_asking(hall: Hall) -> None:
    for name in "cab":
        hall.queue(name, 2)
    assert hall.look() == ["c", "a"]
    assert [hall.state(name) for name in "cab"] == ["running", "running", "queued"]
    assert hall.look() == []
    hall.finish("a")
    assert hall.look() == ["b"]
    assert hall.state("a") == "finished"


def test_the_process_is_written_down_before_it_does_anything(hall: Hall) -> None:
    hall.queue("a")
    assert hall.look() == ["a"]
    job = hall.job("a")
    assert (job.state, job.pid, job.pid_started, job.host) == ("running", 100, 25.0, here())


def test_nobody_overtakes_a_study_that_is_too_large_for_now(hall: Hall) -> None:
    hall.queue("small", 1)
    hall.queue("large", 4)
    hall.queue("late", 1)
    assert hall.look() == ["small"]
    assert hall.look(3600) == []
    hall.finish("small")
    assert hall.look() == ["large"]
    assert hall.look() == []
    hall.finish("large")
    assert hall.look() == ["late"]


def test_cores_are_never_given_twice(hall: Hall) -> None:
    for number, workers in enumerate((3, 1, 2, 2, 1)):
        hall.queue(str(number), workers)
    assert hall.look() == ["0", "1"]
    hall.finish("1")
    assert hall.look() == []
    hall.finish("0")
    assert hall.look() == ["2", "3"]
    hall.store.cancel(hall.id("2"))
    assert hall.look() == [], "what is about to stop has its cores still"
    hall.die("2", 130)
    assert hall.look() == ["4"]


def test_a_job_larger_than_the_machine_has_all_of_it(hall: Hall) -> None:
    hall.queue("small", 1)
    hall.queue("huge", 64)
    hall.queue("late", 1)
    assert hall.look() == ["small"]
    hall.finish("small")
    assert hall.look() == ["huge"]
    assert hall.machine.started[-1] == ("huge", 4)
    assert hall.look() == []
    hall.finish("huge")
    assert hall.look() == ["late"]


def test_a_study_asked_for_again_waits_until_its_last_process_is_gone(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.end_study(hall.id("a"), "finished")  # it has said so, and is about to exit
    hall.queue("a")
    assert hall.look() == []
    assert hall.state("a") == "queued"
    hall.die("a", 0)
    assert hall.look() == ["a"]


def test_a_process_that_hangs_after_its_study_has_ended_is_made_to_end(hall: Hall) -> None:
    """Else a study that is asked for again, and all behind it, would wait for ever."""
    hall.queue("a")
    hall.look()
    process = hall.machine.processes["a"]
    hall.store.end_study(hall.id("a"), "finished")
    hall.look()
    hall.queue("a")
    for asked, killed in ((0, 0), (1, 0), (1, 0), (1, 1)):
        assert hall.look(0.6 * PATIENCE) == []
        assert (process.asked, process.killed) == (asked, killed)
    process.status = -9
    assert hall.look() == ["a"]
    assert hall.job("a").crashes == 0


# --- cancelling


def test_a_cancelled_study_is_asked_once_and_killed_when_it_does_not_end(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    process = hall.machine.processes["a"]
    hall.store.cancel(hall.id("a"))
    for _ in range(3):
        hall.look(PATIENCE / 4)
    assert (process.asked, process.killed) == (1, 0)
    hall.look(PATIENCE)
    assert (process.asked, process.killed) == (1, 1)
    assert hall.state("a") == "stopping"
    process.status = -9
    hall.look()
    assert hall.state("a") == "cancelled"
    assert hall.machine.started == [("a", 1)]


def test_a_cancelled_study_that_ends_is_not_killed_and_can_be_started_again(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    process = hall.machine.processes["a"]
    hall.store.cancel(hall.id("a"))
    hall.look()
    process.status = 130
    hall.look(3 * PATIENCE)
    assert process.killed == 0
    assert hall.state("a") == "cancelled"
    hall.queue("a")
    assert hall.look() == ["a"]
    assert hall.machine.processes["a"].asked == 0


def test_a_study_that_ends_while_it_is_to_stop_has_ended(hall: Hall) -> None:
    hall.queue("a")
    hall.look()
    hall.store.cancel(hall.id("a"))
    hall.finish("a")
    hall.look()
    assert hall.state("a") == "finished"


def test_a_cancel_between_look_and_start_is_not_lost(hall: Hall) -> None:
    """The job has left the queue, its process is not there yet."""
    hall.queue("a")

    def cancel() -> None:
        hall.store.cancel(hall.id("a"))

    hall.machine.before_note = cancel
    assert hall.look() == ["a"]
    hall.machine.before_note = lambda: None
    assert hall.state("a") == "stopping"
    hall.look()
    assert hall.machine.processes["a"].asked == 1
    hall.die("a", 130)
    hall.look()
    assert hall.state("a") == "cancelled"


def test_a_study_cancelled_while_it_waits_is_not_started(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when that happens after the runner has read the queue."""
    hall.queue("a")
    hall.queue("b")
    jobs = hall.store.jobs()
    hall.store.cancel(hall.id("a"))
    monkeypatch.setattr(hall.store, "jobs", lambda: jobs)
    assert hall.look() == ["b"]
    assert hall.state("a") == "cancelled"
