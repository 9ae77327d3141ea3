"""The laws of every executor: whatever a candidate does, it ends with one event, and alone."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import archsearch
from archsearch import registry
from archsearch.errors import Refused
from archsearch.study.executors import PACKAGE, Evaluate, Event, Executor, Failed, Finished, Job, Reported, Work
from tests.study import fake_work, preparations
from tests.study.fake_work import work

Start = Callable[..., Executor]
LIMIT = 60.0  # seconds after which a test gives up; none of them takes that long
ROOT = Path(archsearch.__file__).parents[1]


@pytest.fixture(params=registry.names(PACKAGE))
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    """Starts the executor under test with a function to run; two slots."""
    make = registry.load(PACKAGE, request.param)
    with contextlib.ExitStack() as stack:

        def begin(evaluate: Evaluate, **changes: Any) -> Executor:
            executor: Executor = make(2, dataclasses.replace(work(evaluate), **changes))
            stack.callback(executor.close)
            return executor

        yield begin


def job(number: int = 0, seconds: float = LIMIT, **changes: Any) -> Job:
    plain: dict[str, Any] = {"spec": {}, "task": "t", "options": {}, "tasks_from": None, "seed": 1}
    flags: dict[str, Any] = {"backends": ("reference",), "keep_weights": False, "read_test": False, "memory_mb": 200}
    return Job(number=number, seconds=seconds, **{**plain, **flags, **changes})


class End(NamedTuple):
    reports: list[tuple[int, float]]
    event: Finished | Failed


def next_events(executor: Executor) -> list[Event]:
    events: list[Event] = []
    while not events:
        events += executor.wait(LIMIT)
    return events


def run(executor: Executor, new: Job | None = None) -> End:
    """Run a job to its end."""
    executor.submit(new or job())
    reports: list[tuple[int, float]] = []
    while True:
        for event in next_events(executor):
            if not isinstance(event, Reported):
                return End(reports, event)
            reports.append((event.check, event.value))


def failure(end: End) -> tuple[str, str]:
    assert isinstance(end.event, Failed)
    return end.event.failure.kind, end.event.failure.reason


def process_of(value: float) -> int:
    """Fakes report process ids as values."""
    return int(value * 2**40)


def wait_for_end(process: int) -> None:
    """Return once a process is gone, or fail."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], LIMIT)[0], f"process {process} is still there"
    finally:
        os.close(descriptor)


def test_a_job_reports_and_finishes_with_its_score_and_weights(start: Start) -> None:
    end = run(start(fake_work.succeed), job(keep_weights=True))
    assert end.reports == [(1, 0.25), (2, 0.5), (3, 0.75)]
    assert isinstance(end.event, Finished)
    assert end.event.score == fake_work.score()
    assert end.event.weights == b"weights"
    assert end.event.seconds >= 0


def test_jobs_run_side_by_side_and_keep_their_names(start: Start) -> None:
    executor = start(fake_work.hang)
    for number in (7, 8):
        executor.submit(job(number))
    events = next_events(executor)
    while len(events) < 2:
        events += next_events(executor)
    assert {event.job for event in events} == {7, 8}
    assert all(isinstance(event, Reported) for event in events), "neither has ended"


def test_large_weights_come_through(start: Start) -> None:
    event = run(start(fake_work.send_large_weights)).event
    assert isinstance(event, Finished)
    assert event.weights == b"w" * 50_000_000


def test_the_next_job_runs_whatever_the_one_before_has_done(start: Start) -> None:
    executor = start(fake_work.misbehave_then_succeed)
    for number in range(4):
        run(executor, job(number, seed=number))
    assert isinstance(run(executor, job(99, seed=99)).event, Finished)


@pytest.mark.parametrize(
    ("evaluate", "kind", "words"),
    [
        (fake_work.fail, "exception", "ZeroDivisionError: no way (fake_work.py, line "),
        (fake_work.leave, "exception", "SystemExit: bye"),
        (fake_work.segfault, "exception", "died of SIGSEGV; last output: Fatal Python error: Segmentation fault"),
        (fake_work.abort, "exception", "died of SIGABRT"),
        (fake_work.be_alarmed, "exception", "died of SIGALRM"),
        (fake_work.be_killed, "killed", "killed from outside by SIGKILL"),
        (fake_work.be_terminated, "killed", "killed from outside by SIGTERM"),
        (fake_work.exit_at_once, "exception", "exited with status 3 and without a result"),
        (fake_work.eat_memory, "memory limit", "more than 200 MB: MemoryError"),
        (fake_work.find_disk_full, "lost", "OSError: [Errno 28] No space left on device: '/tmp/mine' (fake_work.py"),
        (fake_work.open_too_much, "exception", "Too many open files"),
        (fake_work.find_nothing, "exception", "FileNotFoundError: [Errno 2] No such file"),
        (fake_work.diverge, "nan", "the loss is nan at training step 7"),
        (fake_work.report_nan, "nan", "check 1 has the value nan"),
        (fake_work.report_inf, "inf", "check 1 has the value inf"),
        (fake_work.score_nan, "exception", "no valid result: objective: "),
        (fake_work.score_too_high, "exception", "no valid result: objective: "),
        (fake_work.send_garbage, "exception", "no valid result: a frame of kind"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_failure_has_its_kind_and_its_reason(start: Start, evaluate: Evaluate, kind: str, words: str) -> None:
    found, reason = failure(run(start(evaluate)))
    assert found == kind
    assert words in reason
    assert len(reason) < 2000
    assert reason.isprintable()


def test_a_job_without_a_connection_ends_as_a_failure(start: Start) -> None:
    assert failure(run(start(fake_work.close_connection), job(seconds=0.3)))[0] in {"lost", "killed", "time limit"}


@pytest.mark.parametrize("text", ["DefaultCPUAllocator: can't allocate memory: you tried", "CUDA out of memory. Tried"])
def test_torch_that_gets_no_memory_has_met_the_limit(start: Start, text: str) -> None:
    assert failure(run(start(fake_work.raise_runtime_error), job(task=text)))[0] == "memory limit"


def test_memory_that_the_machine_does_not_have_is_no_limit_of_the_candidate(start: Start) -> None:
    """The limit is more than the machine could give: what was too much is not known to be the candidate's fault."""
    kind, reason = failure(run(start(fake_work.raise_memory_error), job(memory_mb=10**10)))
    assert (kind, reason.partition(":")[0]) == ("lost", "the machine has no 10000000000 MB of memory")


def test_an_abort_for_lack_of_memory_has_met_the_limit(start: Start) -> None:
    assert failure(run(start(fake_work.abort_for_memory)))[0] == "memory limit"


def test_memory_up_to_the_limit_may_be_used(start: Start) -> None:
    assert isinstance(run(start(fake_work.take_memory)).event, Finished)


def test_a_hundred_megabytes_of_output_do_not_hurt_and_its_end_is_kept(start: Start) -> None:
    kind, reason = failure(run(start(fake_work.print_a_lot)))
    assert kind == "exception"
    assert reason.endswith("xthe end of it")
    assert len(reason) < 300


def test_a_hanging_job_that_ignores_sigterm_is_killed_at_its_time_limit(start: Start) -> None:
    end = run(start(fake_work.hang), job(seconds=0.2))
    assert failure(end) == ("time limit", "not finished after 0.2 s")
    wait_for_end(process_of(end.reports[0][1]))


def test_a_stopped_job_is_dead_and_never_heard_of_again(start: Start) -> None:
    executor = start(fake_work.hang)
    executor.submit(job(1))
    (report,) = next_events(executor)
    assert isinstance(report, Reported)
    assert 0 <= executor.stop(1) < LIMIT
    wait_for_end(process_of(report.value))
    assert list(executor.wait(0.05)) == []
    assert isinstance(run_other(executor), Reported)


def run_other(executor: Executor) -> Event:
    executor.submit(job(2))
    return next_events(executor)[0]


@pytest.mark.parametrize("evaluate", [fake_work.fork_and_hang, fake_work.fork_and_succeed])
def test_what_a_job_has_started_ends_with_it(start: Start, evaluate: Evaluate) -> None:
    executor = start(evaluate)
    executor.submit(job(1))
    events = next_events(executor)
    while len(events) < 2:
        events += next_events(executor)
    report = events[0]
    assert isinstance(report, Reported)
    if not isinstance(events[-1], Finished):
        executor.stop(1)
    wait_for_end(process_of(report.value))


def daemons(file: Path) -> list[int]:
    """The processes that `scatter` has left."""
    found = [int(line) for line in file.read_text(encoding="ascii").split()]
    assert len(set(found)) == fake_work.DAEMONS
    return found


@pytest.mark.parametrize("seed", range(4))
def test_processes_that_leave_the_group_of_their_job_end_with_it(start: Start, tmp_path: Path, seed: int) -> None:
    """Forked twice, in sessions of their own, while a job beside it has such processes, too, which live on."""
    executor = start(fake_work.scatter)
    files = [tmp_path / "beside", tmp_path / "ends"]
    executor.submit(job(0, seed=0, task=str(files[0])))
    assert [event.job for event in next_events(executor)] == [0]
    executor.submit(job(1, seed=seed, task=str(files[1])))
    events = next_events(executor)
    while seed and isinstance(events[-1], Reported):
        events += next_events(executor)
    if not seed:
        executor.stop(1)
    for process in daemons(files[1]):
        wait_for_end(process)
    for process in daemons(files[0]):
        os.kill(process, 0)
    executor.close()
    for process in daemons(files[0]):
        wait_for_end(process)


def test_endless_reports_do_not_stop_the_clock(start: Start) -> None:
    assert failure(run(start(fake_work.report_for_ever), job(seconds=0.3)))[0] == "time limit"


def test_a_job_runs_alone_in_its_session_with_one_thread_and_nothing_open(start: Start) -> None:
    event = run(start(fake_work.environment_of)).event
    assert isinstance(event, Finished)
    assert event.weights is not None
    leader, group, threads, descriptors, typed = ast.literal_eval(event.weights.decode())
    assert leader
    assert group
    assert threads == "1"
    assert len(descriptors) <= 5, "stdin, stdout, stderr, the coordinator, and the listing itself"
    assert typed == b""


def test_close_kills_what_runs_and_may_be_called_twice(start: Start) -> None:
    executor = start(fake_work.hang)
    executor.submit(job(1))
    (report,) = next_events(executor)
    assert isinstance(report, Reported)
    executor.close()
    wait_for_end(process_of(report.value))
    executor.close()


def test_no_orphans_are_left_when_the_coordinator_is_killed(start: Start) -> None:
    """A coordinator in a process of its own says which processes run, and is killed."""
    code = "from tests.study.fake_work import hang_in_executor; hang_in_executor()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert child.stdout is not None
    processes = [int(word) for word in child.stdout.readline().split()]
    assert len(processes) == 3, "the job, its child, the fork server"
    for process in processes:
        os.kill(process, 0)
    child.kill()
    child.communicate()
    for process in processes:
        wait_for_end(process)


def test_processes_in_sessions_of_their_own_end_with_a_killed_coordinator(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "daemons"
    code = f"from tests.study.fake_work import scatter_in_executor; scatter_in_executor({str(file)!r})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.kill()
    child.communicate()
    for process in daemons(file):
        wait_for_end(process)


KINDS = {
    "one": preparations.prepare_one,
    "two": preparations.prepare_two,
    "broken": preparations.prepare_the_impossible,
}


def test_a_job_finds_what_is_prepared_for_its_kind_and_nothing_else(start: Start) -> None:
    """Nothing is prepared either for a kind without jobs: one is broken here."""
    executor = start(preparations.say_what_is_prepared, prepare=KINDS, kind=fake_work.kind_by_task)
    for number, kind in enumerate(("one", "two", "one")):
        event = run(executor, job(number, task=kind)).event
        assert isinstance(event, Finished)
        assert event.weights == kind.encode()


def test_code_that_cannot_be_imported_is_refused_with_the_reason(start: Start) -> None:
    executor = start(fake_work.succeed, prepare={"fake": preparations.prepare_the_impossible})
    executor.submit(job())
    with pytest.raises(
        Refused, match=r"evaluations cannot start: ModuleNotFoundError: No module named 'tests\.study\.no"
    ):
        next_events(executor)


def test_the_version_of_the_work_is_the_executors(start: Start) -> None:
    assert start(fake_work.succeed).version == fake_work.version_one()


def test_the_environment_says_what_may_change_results(start: Start) -> None:
    found = start(fake_work.succeed).environment
    assert {"python", "torch", "processor", "threads"} <= found.keys()
    assert found == start(fake_work.succeed).environment


def test_every_executor_runs_training_unless_told_otherwise() -> None:
    from archsearch.study.work import TRAINING

    for name in registry.names(PACKAGE):
        executor = registry.load(PACKAGE, name)
        assert isinstance(TRAINING, Work)
        assert executor.__init__.__defaults__ == (TRAINING,)
