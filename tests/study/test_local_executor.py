"""What is particular to the local executor: its clock and its fork server."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.study.executors import Event, Failed, Finished, Reported, Work
from archsearch.study.executors._running import START_LIMIT, Running
from archsearch.study.executors.local import LocalExecutor
from tests.contract.test_executors import LIMIT, job, next_events, process_of, wait_for_end
from tests.study import fake_work
from tests.study.fake_work import work


@pytest.fixture
def hanging() -> Iterator[LocalExecutor]:
    executor = LocalExecutor(2, work(fake_work.hang))
    yield executor
    executor.close()


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_the_clock_of_a_job_starts_with_its_process() -> None:
    running = Running(job(seconds=0.001))
    assert running.deadline > time.monotonic() + START_LIMIT / 2
    assert running.seconds == 0
    assert running.overdue().failure.kind == "lost"
    running.close_files_for_child()
    running.close()


def test_a_process_that_closes_its_connection_and_stays_is_lost() -> None:
    running = Running(job())
    running.close_files_for_child()
    assert list(running.take_in()) == []
    assert running.dry == (running.stream, running.output)
    assert running.deadline < time.monotonic() + LIMIT
    assert running.overdue().failure.reason == "the process closed its connection and did not end"
    running.close()


def test_a_result_that_nobody_had_time_to_read_counts_although_its_deadline_is_over() -> None:
    """As when the coordinator was stopped for a while."""
    executor = LocalExecutor(1, work(fake_work.succeed))
    executor.submit(job(1))
    running = executor._jobs[1]
    wait = select.poll()
    wait.register(running.stream, select.POLLRDHUP)
    assert wait.poll(LIMIT * 1000), "the child has closed its end"
    running.deadline = 0.0
    executor._end_overdue()
    events = executor.wait(LIMIT)
    executor.close()
    assert [type(event) for event in events] == [Reported] * 3 + [Finished]


def test_a_killed_fork_server_loses_its_jobs_and_is_replaced(hanging: LocalExecutor) -> None:
    hanging.submit(job(1))
    (report,) = next_events(hanging)
    assert isinstance(report, Reported)
    server = parent_of(process_of(report.value))
    os.kill(server, signal.SIGKILL)
    (end,) = next_events(hanging)
    assert isinstance(end, Failed)
    assert end.failure.kind == "lost"
    assert end.failure.reason == "the fork server ended: exit status -9"
    wait_for_end(process_of(report.value))
    hanging.submit(job(2))
    (again,) = next_events(hanging)
    assert isinstance(again, Reported)
    assert parent_of(process_of(again.value)) != server


def test_the_last_words_of_a_fork_server_are_heard_although_it_has_left_a_job_unread() -> None:
    executor = LocalExecutor(1, Work(fake_work.succeed, fake_work.prepare_the_impossible, fake_work.version_one))
    executor.submit(job())
    assert executor._server is not None
    executor._server._process.wait(LIMIT)
    with pytest.raises(Refused, match="No module named 'tests"):
        next_events(executor)
    executor.close()


def test_a_job_dies_with_a_killed_fork_server_even_if_the_coordinator_sleeps(hanging: LocalExecutor) -> None:
    hanging.submit(job(1))
    (report,) = next_events(hanging)
    assert isinstance(report, Reported)
    os.kill(parent_of(process_of(report.value)), signal.SIGKILL)
    wait_for_end(process_of(report.value))


def test_no_terminal_signal_reaches_an_evaluation(hanging: LocalExecutor) -> None:
    hanging.submit(job(1))
    (report,) = next_events(hanging)
    assert isinstance(report, Reported)
    child = process_of(report.value)
    assert len({os.getsid(0), os.getsid(child), os.getsid(parent_of(child))}) == 3


def test_nothing_stays_open() -> None:
    before = open_files()
    executor = LocalExecutor(2, work(fake_work.succeed))
    for number in range(5):
        executor.submit(job(number))
        events: list[Event] = []
        while not any(isinstance(event, Finished) for event in events):
            events += executor.wait(LIMIT)
    executor.close()
    assert open_files() == before
