"""What is particular to the local executor: its clock and its fork server."""

from __future__ import annotations

import os
import select
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.executors import Event, Failed, Finished, Reported, _child
from archsearch.study.executors._running import START_LIMIT, Running
from archsearch.study.executors.local import LocalExecutor
from tests.contract.test_executors import LIMIT, daemons, job, next_events, process_of, wait_for_end
from tests.study import fake_work, preparations
from tests.study.child import CONTEXT
from tests.study.fake_work import work
from tests.study.reader import Reader
from tests.study.samples import small, starts


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


def scattering(tmp_path: Path) -> tuple[LocalExecutor, list[int], int]:
    """An executor whose job has left processes, these, and the job's process."""
    executor = LocalExecutor(1, work(fake_work.scatter))
    executor.submit(job(1, seed=0, task=str(tmp_path / "daemons")))
    (report,) = next_events(executor)
    assert isinstance(report, Reported)
    return executor, daemons(tmp_path / "daemons"), process_of(report.value)


@pytest.mark.parametrize("generations", [1, 2], ids=["fork server", "its guard"])
def test_what_jobs_have_left_ends_with_a_killed_fork_server_and_with_its_guard(
    tmp_path: Path, generations: int
) -> None:
    executor, left, process = scattering(tmp_path)
    victim = process
    for _ in range(generations):
        victim = parent_of(victim)
    os.kill(victim, signal.SIGKILL)
    (end,) = next_events(executor)
    assert isinstance(end, Failed)
    assert end.failure.kind == "lost"
    for each in [*left, process]:
        wait_for_end(each)
    executor.close()


def starting(prepare: Callable[[], None]) -> LocalExecutor:
    """An executor whose fork server prepares itself in this way."""
    return LocalExecutor(2, work(fake_work.succeed, prepare))


def test_a_fork_server_that_is_killed_before_it_is_ready_loses_its_jobs_and_is_replaced(log: Path) -> None:
    """As by the kernel for lack of memory, which loading torch takes most of."""
    executor = starting(preparations.prepare_at_the_second_try)
    executor.submit(job(1))
    executor.submit(job(2))
    ends: list[Event] = []
    while len(ends) < 2:
        ends += next_events(executor)
    assert [(end.job, end.failure.kind, end.failure.reason) for end in ends if isinstance(end, Failed)] == [
        (number, "lost", "the fork server ended: exit status -9") for number in (1, 2)
    ]
    executor.submit(job(3))
    events: list[Event] = []
    while not any(isinstance(event, Finished) for event in events):
        events += next_events(executor)
    executor.close()
    assert starts(log) == ["prepare", "prepare"]


def test_a_study_goes_on_after_its_fork_server_was_killed_before_it_was_ready(
    url: str, log: Path, reader: Reader
) -> None:
    one = small(search={"trials": 1, "seeds": 1}, baselines=[], confirm={"seeds": 2}, report={"seeds": 2})
    run(one, url, 1, executor=lambda slots: starting(preparations.prepare_at_the_second_try))
    assert reader.study().state == "finished"
    with Store.read(url) as store:
        assert [(each.kind, each.final) for each in store.failures(reader.study().id)] == [("lost", False)]


@pytest.mark.parametrize(
    ("prepare", "status"), [(preparations.prepare_and_crash, -signal.SIGILL), (preparations.prepare_and_exit, 3)]
)
def test_a_fork_server_that_ends_by_itself_before_it_is_ready_will_do_so_again(
    prepare: Callable[[], None], status: int
) -> None:
    executor = starting(prepare)
    executor.submit(job())
    with pytest.raises(Refused, match=f"^evaluations cannot start: exit status {status}$"):
        next_events(executor)
    executor.close()


def test_a_fork_server_without_files_for_another_job_leaves_the_others_alone() -> None:
    executor = LocalExecutor(2, work(fake_work.hang, preparations.prepare_and_leave_three_files))
    executor.submit(job(1))
    (report,) = next_events(executor)
    assert isinstance(report, Reported)
    executor.submit(job(2))
    (end,) = next_events(executor)
    assert isinstance(end, Failed)
    assert (end.job, end.failure.kind, end.failure.reason) == (2, "lost", "no room for a process")
    os.kill(process_of(report.value), 0)
    executor.stop(1)
    wait_for_end(process_of(report.value))
    executor.submit(job(3))
    assert [event.job for event in next_events(executor)] == [3], "there is room again"
    executor.close()


def run_without_a_file() -> None:
    """The fork server's own end would come next, which kills its children."""
    try:
        _child.run(fake_work.succeed, [0, 1], os.getppid())
    finally:
        os._exit(7)


def test_a_child_that_lacks_a_file_ends_and_does_not_go_on_as_a_fork_server() -> None:
    process = CONTEXT.Process(target=run_without_a_file)
    process.start()
    process.join(LIMIT)
    assert process.exitcode == 1


class Clock:
    """A clock that goes on when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for module in ("local", "_running"):
            monkeypatch.setattr(f"archsearch.study.executors.{module}.time", self)

    def monotonic(self) -> float:
        return self.now


def test_time_in_which_the_coordinator_stood_still_does_not_count(
    hanging: LocalExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All processes of a container may have been stopped together, or the machine have slept."""
    clock = Clock(monkeypatch)
    hanging.submit(job(1, seconds=100.0))
    (report,) = next_events(hanging)
    assert isinstance(report, Reported)
    clock.now += 1000.0
    assert list(hanging.wait(0.0)) == []
    for _ in range(24):  # looks as they should be: the clock goes on
        clock.now += 4.0
        assert list(hanging.wait(0.0)) == []
    clock.now += 4.0
    (end,) = hanging.wait(0.0)
    assert isinstance(end, Failed)
    assert end.failure.kind == "time limit"


def test_waiting_as_long_as_was_asked_for_is_not_standing_still(
    hanging: LocalExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    hanging.submit(job(1, seconds=100.0))
    next_events(hanging)

    def select(timeout: float) -> list[tuple[selectors.SelectorKey, int]]:
        clock.now += timeout
        return []

    monkeypatch.setattr(hanging._selector, "select", select)
    assert list(hanging.wait(60.0)) == []
    (end,) = hanging.wait(60.0)
    assert isinstance(end, Failed)
    assert end.failure.kind == "time limit"
    assert clock.now == 100.0


def test_time_in_which_there_was_no_job_gives_none_to_the_next(
    hanging: LocalExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For its start: nobody has heard of it yet."""
    clock = Clock(monkeypatch)
    clock.now += 10_000.0
    hanging.submit(job(1))
    monkeypatch.setattr(hanging._selector, "select", lambda timeout: [])
    assert list(hanging.wait(0.0)) == []
    assert hanging._jobs[1].deadline == clock.now + START_LIMIT


def test_the_last_words_of_a_fork_server_are_heard_although_it_has_left_a_job_unread() -> None:
    executor = LocalExecutor(1, work(fake_work.succeed, preparations.prepare_the_impossible))
    executor.submit(job())
    (server,) = executor._servers.values()
    server._process.wait(LIMIT)
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
