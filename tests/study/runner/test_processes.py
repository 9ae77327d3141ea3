"""Real processes: found by number and beginning, ended with their group, and started so that none goes astray."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from archsearch.store import JobRow
from archsearch.store.lock import study_lock
from archsearch.store.store import Store
from archsearch.study.runner import processes
from archsearch.study.runner.processes import HELD, Coordinator, LocalLaunch, beginning, here
from tests.study.runner.waiting import wait_until
from tests.study.samples import small

Child = subprocess.Popen[str]
Begin = Callable[[str], Child]


def job(pid: int | None = None, started: float | None = None, host: str = "", study: str = "quick") -> JobRow:
    return JobRow(1, study, "running", 1, 1, "", 0, pid, started, host or here(), "")


@pytest.fixture
def launch(url: str) -> LocalLaunch:
    return LocalLaunch(url)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts Python programs, each in a session of its own, that say when they are ready; ends them with it."""
    children: list[Child] = []

    def start(program: str) -> Child:
        child = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    yield start
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


WAIT = "print('ready', flush=True); input()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"


def began(pid: int) -> float:
    found = beginning(pid)
    assert found is not None
    return found


# --- adopting


def test_a_living_process_is_adopted_and_asked_to_end(launch: LocalLaunch, begin: Begin) -> None:
    child = begin(WAIT)
    found = launch.find(job(child.pid, began(child.pid)))
    assert not found.own
    assert found.status is None
    found.ask_to_end()
    assert child.wait(60) == -signal.SIGTERM
    assert found.status is not None


def test_an_adopted_process_is_killed_with_its_group(launch: LocalLaunch, begin: Begin) -> None:
    with_child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'], stdin=0); {STUBBORN}"
    child = begin(with_child)
    (grandchild,) = psutil.Process(child.pid).children()
    found = launch.find(job(child.pid, began(child.pid)))
    found.ask_to_end()
    found.kill()
    assert child.wait(60) == -signal.SIGKILL
    wait_until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)
    found.kill()
    found.ask_to_end()


def test_a_later_process_with_the_number_of_a_dead_one_is_not_touched(launch: LocalLaunch, begin: Begin) -> None:
    """However soon it began after the one that the job names: here that one is its elder brother."""
    elder, child = begin(WAIT), begin(WAIT)
    while began(child.pid) == began(elder.pid):  # both within a hundredth of a second
        child = begin(WAIT)
    found = launch.find(job(child.pid, began(elder.pid)))
    assert found.status is not None, "it counts as dead"
    end(found)
    assert child.poll() is None
    child.communicate("\n", 60)
    assert child.returncode == 0, "it ended by itself"


def test_without_a_look_at_the_beginning_another_process_would_be_killed(
    launch: LocalLaunch, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above tests something."""
    child = begin(WAIT)
    monkeypatch.setattr(processes, "_lives", lambda *_: True)
    found = launch.find(job(child.pid, began(child.pid) - 1))
    assert found.status is None
    end(found)
    assert child.wait(60) in (-signal.SIGKILL, -signal.SIGTERM)


def test_beginnings_are_told_by_a_clock_that_nobody_sets(begin: Begin) -> None:
    """Else a step of the time of day would make a living coordinator a dead one."""
    tick = 1 / os.sysconf("SC_CLK_TCK")
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    child = begin(WAIT)
    assert before - tick <= began(child.pid) * tick <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_a_process_that_calls_itself_anything_is_found(launch: LocalLaunch, begin: Begin) -> None:
    child = begin(f"open('/proc/self/comm', 'w').write('a) Z 1 (b'); {WAIT}")
    assert b") Z 1 " in Path(f"/proc/{child.pid}/stat").read_bytes()
    assert launch.find(job(child.pid, began(child.pid))).status is None


def test_nothing_is_done_about_a_process_of_another_user(
    launch: LocalLaunch, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = begin(WAIT)
    found = launch.find(job(child.pid, began(child.pid)))

    def forbid(pid: int, number: int) -> None:
        assert pid == child.pid
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", forbid)
    monkeypatch.setattr(os, "killpg", forbid)
    end(found)
    assert found.status is None
    monkeypatch.undo()


def test_a_process_that_may_not_be_looked_at_lives_while_it_holds_the_lock(
    launch: LocalLaunch, url: str, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.create(url).close()
    child = begin(WAIT)
    row = job(child.pid, began(child.pid))
    earlier = launch.find(row)

    def forbid(_: int) -> list[bytes]:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(processes, "_read_stat", forbid)
    assert earlier.status is not None, "it could be looked at before: its number is somebody else's now"
    found = launch.find(row)
    assert found.status is not None
    with study_lock(url, "quick"):
        assert found.status is None
    end(found)
    end(earlier)
    assert child.poll() is None


def end(found: Coordinator) -> None:
    found.ask_to_end()
    found.kill()


def test_a_zombie_is_gone(launch: LocalLaunch, begin: Begin) -> None:
    """Whoever started it has not asked how it ended: its number and beginning are still there."""
    child = begin(WAIT)
    found = launch.find(job(child.pid, began(child.pid)))
    os.kill(child.pid, signal.SIGKILL)
    wait_until(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    assert found.status is not None
    assert launch.find(job(child.pid, began(child.pid))).status is not None
    end(found)


@pytest.mark.parametrize("row", [job(), job(2**22 + 1, 1.0), job(1, None)], ids=["no process", "no such", "no time"])
def test_a_process_that_is_not_there_is_dead(launch: LocalLaunch, row: JobRow) -> None:
    found = launch.find(row)
    assert found.status is not None
    end(found)


@pytest.mark.parametrize(
    "host",
    ["another.machine 0-0", f"{socket.gethostname()} 0-0", socket.gethostname()],
    ids=["another machine", "another boot", "written by an earlier version"],
)
def test_a_process_whose_number_means_nothing_here_lives_while_it_holds_the_lock(
    launch: LocalLaunch, url: str, begin: Begin, host: str
) -> None:
    Store.create(url).close()
    child = begin(WAIT)
    found = launch.find(job(child.pid, began(child.pid), host))
    assert found.status is not None
    with study_lock(url, "quick"):
        assert found.status is None
        end(found)
    assert child.poll() is None, "a process here with that number is another one"


def test_a_boot_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert here() == f"{socket.gethostname()} {Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    monkeypatch.setattr(processes, "_BOOT", tmp_path / "boot_id")
    assert here() == f"{socket.gethostname()} ", "where the system has no name for it"


# --- starting


@contextmanager
def ended(coordinator: Coordinator) -> Iterator[Coordinator]:
    """Kill it at the end, whatever happens."""
    try:
        yield coordinator
    finally:
        coordinator.kill()
        wait_until(lambda: coordinator.status is not None)


def ignore(pid: int, started: float) -> None:
    """Not written down."""


def test_a_new_process_does_nothing_before_it_is_written_down(
    launch: LocalLaunch, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it waits for its task: the pipe is open, and nothing is in it."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def keep(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **options))
        return started[-1]

    def note(pid: int, began_at: float) -> None:
        (process,) = started
        assert (pid, began_at) == (process.pid, began(pid))
        assert os.getsid(pid) == pid, "a session of its own"
        assert process.stdin is not None
        assert not process.stdin.closed
        assert fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4)) == bytes(4)

    with Store.create(url) as store:
        (study,) = store.add_studies([("quick", "no definition")])
        store.enqueue(study.id, 1)
        store.begin_job(study.id)
        monkeypatch.setattr(subprocess, "Popen", keep)
        with ended(launch.start(job(), note)) as coordinator:
            assert coordinator.own
            wait_until(lambda: coordinator.status is not None)
        assert len(started) == 1
        assert store.list_studies()[0].state == "failed", "it has had its task in the end"


def test_a_process_that_cannot_be_written_down_does_nothing_at_all(launch: LocalLaunch, url: str) -> None:
    pids: list[int] = []

    def fail(pid: int, started: float) -> None:
        pids.append(pid)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        launch.start(job(), fail)
    assert not psutil.pid_exists(pids[0]), "it has been ended, and asked how"
    assert not Path(url.removeprefix("sqlite:///")).exists(), "it did not open the database"


def test_a_new_process_finds_its_study_held_and_says_so(launch: LocalLaunch, url: str) -> None:
    with Store.create(url) as store:
        store.add_studies([("quick", small(study="quick").text)])
        with study_lock(url, "quick"), ended(launch.start(job(), ignore)) as coordinator:
            wait_until(lambda: coordinator.status is not None)
            assert coordinator.status == HELD


def test_an_own_process_is_found_again_with_how_it_ended(launch: LocalLaunch, url: str) -> None:
    """A runner that lost its database begins anew, and is to know a crash from what was lacking."""
    rows: list[JobRow] = []
    with Store.create(url) as store:
        store.add_studies([("quick", small(study="quick").text)])
        with (
            study_lock(url, "quick"),
            ended(launch.start(job(), lambda *noted: rows.append(job(*noted)))) as coordinator,
        ):
            (row,) = rows
            assert launch.find(row) is coordinator
            wait_until(lambda: launch.find(row).status is not None)
    assert (launch.find(row).own, launch.find(row).status) == (True, HELD)
    for other in (job(), job(row.pid, 1.0), job(1, row.pid_started), job(row.pid, row.pid_started, study="other")):
        assert not launch.find(other).own
    assert not LocalLaunch(url).find(row).own, "another server knows no more than that it is gone"


def test_nothing_of_the_task_is_on_the_command_line(launch: LocalLaunch, url: str) -> None:
    """Every user of a machine can read command lines; the address of a database may hold a password."""
    lines: list[str] = []

    def note(pid: int, started: float) -> None:
        process = psutil.Process(pid)
        wait_until(process.cmdline)  # empty at the very start
        lines.extend(process.cmdline())

    Store.create(url).close()
    with ended(launch.start(job(), note)) as coordinator:
        wait_until(lambda: coordinator.status is not None)
        assert coordinator.status == 0, "a study that was deleted meanwhile is no crash"
    assert lines
    assert not any(url in line or "quick" in line for line in lines)


def test_an_own_process_is_killed(launch: LocalLaunch, url: str) -> None:
    coordinator = launch.start(job(), lambda pid, started: os.kill(pid, signal.SIGSTOP))
    assert coordinator.status is None
    coordinator.kill()
    wait_until(lambda: coordinator.status is not None)
    assert coordinator.status == -signal.SIGKILL
    end(coordinator)
