"""Coordinator processes: start one, find one that an earlier server has started, end one."""

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
"""Exit status of a coordinator whose study another process runs (EX_TEMPFAIL)."""
UNAVAILABLE = 69
"""Exit status of a coordinator after a transient failure: of the database, for lack of room (EX_UNAVAILABLE)."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Coordinator(Protocol):
    """A process that runs a study."""

    @property
    def own(self) -> bool:
        """Whether this server has started it, and so learns its exit status."""

    @property
    def status(self) -> int | None:
        """None while it lives; then minus the signal that ended it, or its exit status; 1 where that is unknown."""

    def ask_to_end(self) -> None:
        """Ask it to stop cleanly."""

    def kill(self) -> None:
        """End it with all its children."""


class Missing:
    """Stands for a process that could not be started."""

    own = False

    @property
    def status(self) -> int | None:
        """It has ended."""
        return 1

    def ask_to_end(self) -> None:
        """There is nothing that this machine could end."""

    def kill(self) -> None:
        """There is nothing that this machine could end."""


Note = Callable[[int, float], None]
"""Called with the id of a process and its `beginning`."""


class Launch(Protocol):
    """Starts coordinators, and finds running ones."""

    def start(self, job: JobRow, note: Note) -> Coordinator:
        """Start a process. It waits until `note` has returned, and does nothing if that raises."""

    def find(self, job: JobRow) -> Coordinator:
        """The process that the job names, dead or alive."""


class LocalLaunch:
    """Processes on this machine."""

    def __init__(self, url: str, tasks_from: Path | None = None) -> None:
        self._url = url
        self._tasks_from = tasks_from
        self._own: dict[str, _Own] = {}  # the latest of each study: only a parent learns an exit status

    def start(self, job: JobRow, note: Note) -> Coordinator:
        """Start a session: it outlives the server, and a Ctrl-C in the server's terminal does not reach it."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "archsearch.study.runner.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        task = {
            "url": self._url,  # may hold a password, and every user of a machine can read command lines
            "study": job.study,
            "workers": job.workers,
            "tasks_from": None if self._tasks_from is None else str(self._tasks_from.absolute()),
        }
        assert process.stdin is not None
        try:
            started = beginning(process.pid)
            assert started is not None  # even if it is dead: it has not been reaped
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
        """Find a process by its id and beginning, or by the study's lock where these mean nothing.

        That is on another machine, after another boot, for a row of an earlier version, which names no boot, and where
        this user may not read the state of the process.
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
        """Whether this is the process that a job names."""
        return (job.host, job.pid, job.pid_started) == (here(), self._process.pid, self._started)

    @property
    def status(self) -> int | None:
        """Reap it if it has ended."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)


class _Adopted:
    """A process that an earlier server has started on this machine since its boot."""

    own = False

    def __init__(self, pid: int | None, started: float | None) -> None:
        self._pid = pid if pid is not None and _lives(pid, started) else None
        self._started = started

    @property
    def status(self) -> int | None:
        if self._pid is None:
            return 1
        with contextlib.suppress(PermissionError):  # then the id belongs to a later process of another user
            return None if _lives(self._pid, self._started) else 1
        return 1

    def ask_to_end(self) -> None:
        self._send(os.kill, signal.SIGTERM)

    def kill(self) -> None:
        self._send(os.killpg, signal.SIGKILL)

    def _send(self, send: Callable[[int, int], None], number: signal.Signals) -> None:
        """Send a signal; a process of another user cannot be reached."""
        if self._pid is not None and self.status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                send(self._pid, number)


class _Elsewhere(Missing):
    """A process of which only one thing is known: whether it holds the study's lock."""

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


def here() -> str:
    """This machine and its boot: process ids begin anew with each boot."""
    boot = ""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    return f"{socket.gethostname()} {boot}"


def beginning(pid: int) -> float | None:
    """When a process began, in ticks since the boot, which no change of the clock moves; None if it is gone.

    Raises `PermissionError` where this user may not read it.
    """
    fields = _read_stat(pid)
    return float(fields[19]) if fields else None


def _lives(pid: int, started: float | None) -> bool:
    """Whether a process lives: its id does not belong to a later one, and it is not a zombie."""
    fields = _read_stat(pid)
    return bool(fields) and float(fields[19]) == started and fields[0] != b"Z"


def _read_stat(pid: int) -> list[bytes]:
    """The fields of /proc/PID/stat from the third on: the second one, the name, may hold any text."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
