"""Jobs of several kinds: each kind has a fork server of its own, and what befalls it befalls its jobs alone."""

from __future__ import annotations

import dataclasses
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.study.executors import Failed, Finished, Reported
from archsearch.study.executors.local import LocalExecutor
from tests.contract.test_executors import job, next_events, process_of, wait_for_end
from tests.study import fake_work, preparations
from tests.study.samples import starts
from tests.study.test_local_executor import parent_of


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    """Jobs hang; their task is their kind."""
    prepare = {"first": fake_work.prepare_nothing, "second": fake_work.prepare_nothing}
    hanging = LocalExecutor(3, fake_work.works(fake_work.hang, prepare))
    yield hanging
    hanging.close()


def begin(executor: LocalExecutor, number: int, kind: str) -> int:
    """Start a job that hangs; its process."""
    executor.submit(job(number, task=kind))
    (report,) = next_events(executor)
    assert isinstance(report, Reported)
    assert report.job == number
    return process_of(report.value)


def command_line(process: int) -> list[str]:
    return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")


def alive(process: int) -> bool:
    """Whether a process is there that nothing has killed."""
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"


def test_jobs_of_a_kind_share_a_fork_server_whose_command_line_names_the_kind(executor: LocalExecutor) -> None:
    first, second, third = begin(executor, 1, "first"), begin(executor, 2, "second"), begin(executor, 3, "first")
    assert parent_of(first) == parent_of(third) != parent_of(second)
    for process, kind in ((first, "first"), (second, "second")):
        guard = parent_of(parent_of(process))
        assert all(kind in command_line(one) for one in (process, parent_of(process), guard))
    assert "second" not in command_line(first)


@pytest.mark.parametrize("generations", [1, 2], ids=["fork server", "its guard"])
def test_a_killed_fork_server_loses_the_jobs_of_its_kind_alone(executor: LocalExecutor, generations: int) -> None:
    first, second = begin(executor, 1, "first"), begin(executor, 2, "second")
    victim = second
    for _ in range(generations):
        victim = parent_of(victim)
    os.kill(victim, signal.SIGKILL)
    (end,) = next_events(executor)
    assert isinstance(end, Failed)
    assert (end.job, end.failure.kind) == (2, "lost")
    wait_for_end(second)
    assert alive(first)
    again = begin(executor, 3, "second")
    assert parent_of(again) != parent_of(first)
    assert executor.stop(1) >= 0
    wait_for_end(first)
    assert alive(again)


def test_close_ends_the_fork_servers_of_all_kinds(executor: LocalExecutor) -> None:
    processes = begin(executor, 1, "first"), begin(executor, 2, "second")
    servers = [parent_of(process) for process in processes]
    guards = [parent_of(server) for server in servers]
    executor.close()
    for process in (*processes, *servers, *guards):
        wait_for_end(process)
    executor.close()


def test_a_job_that_is_over_is_killed_by_the_fork_server_of_its_kind(executor: LocalExecutor) -> None:
    first, second = begin(executor, 1, "first"), begin(executor, 2, "second")
    executor.stop(2)
    wait_for_end(second)
    assert alive(first)


def test_a_kind_that_cannot_be_prepared_is_said_at_its_first_job() -> None:
    prepare = {"sound": fake_work.prepare_nothing, "broken": preparations.prepare_the_impossible}
    executor = LocalExecutor(1, fake_work.works(fake_work.succeed, prepare))
    executor.submit(job(1, task="sound"))
    events = next_events(executor)
    while not isinstance(events[-1], Finished):
        events += next_events(executor)
    executor.submit(job(2, task="broken"))
    with pytest.raises(Refused, match=r"^evaluations cannot start: ModuleNotFoundError: "):
        next_events(executor)
    executor.close()


def test_most_jobs_find_their_fork_server_started_with_the_executor(log: Path) -> None:
    work = dataclasses.replace(
        fake_work.works(
            fake_work.succeed, {"first": preparations.prepare_and_note, "second": fake_work.prepare_nothing}
        ),
        first="first",
    )
    executor = LocalExecutor(1, work)
    (server,) = executor._servers.values()
    select.select([server.control], [], [])
    assert starts(log) == ["prepare"], "no job has come yet"
    executor.submit(job(1, task="first"))
    while not isinstance(next_events(executor)[-1], Finished):
        pass
    executor.close()
    assert starts(log) == ["prepare"]


def test_a_fork_server_that_still_prepares_itself_for_a_first_job_is_killed_at_the_end() -> None:
    """It would hear of the end only when it is ready."""
    work = fake_work.works(fake_work.succeed, {"first": preparations.prepare_for_ever})
    executor = LocalExecutor(1, dataclasses.replace(work, first="first"))
    (server,) = executor._servers.values()
    executor.close()
    assert server._process.returncode == -signal.SIGKILL
