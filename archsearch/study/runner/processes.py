"""Coordinator processes: starting one, finding one that an earlier server has started, ending one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from archsearch.store import HeldElsewhere, JobRow
from archsearch.store.lock import study_lock

HELD = 75
"""The status with which a coordinator ends that finds its study run by somebody else (EX_TEMPFAIL)."""
UNAVAILABLE = 69
"""The status with which a coordinator ends that lacks what may be there later: the database, room (EX_UNAVAILABLE)."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Coordinator(Protocol):
    """A process that runs a study."""

    @property
    def own(self) -> bool:
        """Whether this server has started it."""

    @property
    def status(self) -> int | None:
        """None while it lives; else how it ended, as far as that is known: minus the signal, or its exit status."""

    def ask_to_end(self) -> None:
        """Let it stop cleanly."""

    def kill(self) -> None:
        """End it with all its children."""


class Missing:
    """In the place of a process that could not be started."""

    own = False
    status = 1

    def ask_to_end(self) -> None:
        """There is nothing to end."""

    def kill(self) -> None:
        """There is nothing to end."""


Note = Callable[[int, float], None]
"""Told the number of a process and its `beginning`."""


class Launch(Protocol):
    """Starts coordinators, and finds those that run."""

    def start(self, job: JobRow, note: Note) -> Coordinator:
        """A new process. It does nothing before `note` has returned, and nothing at all if that raises."""

    def find(self, job: JobRow) -> Coordinator:
        """The process that the job names, alive or not."""


class LocalLaunch:
    """Processes on this machine."""

    def __init__(self, url: str, tasks_from: Path | None = None) -> None:
        self._url = url
        self._tasks_from = tasks_from
        self._own: dict[str, _Own] = {}  # the latest of each study: they alone say how they ended

    def start(self, job: JobRow, note: Note) -> Coordinator:
        """As a session of its own: it outlives the server, and a Ctrl-C in the server's terminal is not for it."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "archsearch.study.runner.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        task = {
            "url": self._url,  # may hold a password: not for the command line, which every user of a machine can read
            "study": job.study,
            "workers": job.workers,
            "tasks_from": None if self._tasks_from is None else str(self._tasks_from.absolute()),
        }
        assert process.stdin is not None
        try:
            started = beginning(process.pid)
            assert started is not None  # even if it is dead: nobody has asked how it ended
            with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
                note(process.pid, started)
                pipe.write(json.dumps(task).encode())
        except BaseException:
            process.kill()  # it has no task yet
            process.wait()
            raise
        self._own[job.study] = _Own(process, started)
        return self._own[job.study]

    def find(self, job: JobRow) -> Coordinator:
        """By number and beginning; where these mean nothing, by the study's lock.

        That is on another machine, after another boot, for a row of an earlier version, which names no boot, and where
        this user may not look at the process.
        """
        own = self._own.get(job.study)
        if own is not None and own.is_of(job):
            return own
        if job.host not in ("", here()):
            return _Elsewhere(self._url, job.study)
        try:
            return _Adopted(job.pid, job.pid_started)
        except PermissionError:
            return _Elsewhere(self._url, job.study)


class _Own:
    """A child of this process."""

    own = True

    def __init__(self, process: subprocess.Popen[bytes], started: float) -> None:
        self._process = process
        self._started = started

    def is_of(self, job: JobRow) -> bool:
        """Whether it is the process that a job names."""
        return (job.host, job.pid, job.pid_started) == (here(), self._process.pid, self._started)

    @property
    def status(self) -> int | None:
        """Reaps it."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)


class _Adopted:
    """A process that an earlier server has started, on this machine and since it was booted."""

    own = False

    def __init__(self, pid: int | None, started: float | None) -> None:
        self._pid = pid if pid is not None and _lives(pid, started) else None
        self._started = started

    @property
    def status(self) -> int | None:
        if self._pid is None:
            return 1
        with contextlib.suppress(PermissionError):  # then it is a later one, of somebody else
            return None if _lives(self._pid, self._started) else 1
        return 1

    def ask_to_end(self) -> None:
        self._send(os.kill, signal.SIGTERM)

    def kill(self) -> None:
        self._send(os.killpg, signal.SIGKILL)

    def _send(self, send: Callable[[int, int], None], number: signal.Signals) -> None:
        """Nothing can be done from here about a process of another user."""
        if self._pid is not None and self.status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                send(self._pid, number)


class _Elsewhere:
    """A process of which no more is known than whether it holds the study's lock."""

    own = False

    def __init__(self, url: str, study: str) -> None:
        self._url = url
        self._study = study

    @property
    def status(self) -> int | None:
        try:
            with study_lock(self._url, self._study):
                return 1
        except HeldElsewhere:
            return None

    def ask_to_end(self) -> None:
        """Nothing can be done from here."""

    def kill(self) -> None:
        """Nothing can be done from here."""


def here() -> str:
    """This machine and its boot: the numbers of processes begin anew with each."""
    boot = ""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    return f"{socket.gethostname()} {boot}"


def beginning(pid: int) -> float | None:
    """When a process began, in ticks since the machine was booted, which no step of its clock moves; None: no such.

    Raises `PermissionError` where this user may not look at it.
    """
    fields = _read_stat(pid)
    return float(fields[19]) if fields else None


def _lives(pid: int, started: float | None) -> bool:
    """Whether a process is there, no later one, and no zombie, which has ended without being asked how."""
    fields = _read_stat(pid)
    return bool(fields) and float(fields[19]) == started and fields[0] != b"Z"


def _read_stat(pid: int) -> list[bytes]:
    """What /proc says of a process, from the third field on: the second one, its name, may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
