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

import psutil

from archsearch.store import HeldElsewhere, JobRow, study_lock

HELD = 75
"""The status with which a coordinator ends that finds its study run by somebody else (EX_TEMPFAIL)."""

_CLOCK = 2.0
"""Seconds by which two readings of when a process began may differ: they depend on the clock."""


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
"""Told the number of a process and when it began."""


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
            with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
                note(process.pid, psutil.Process(process.pid).create_time())
                pipe.write(json.dumps(task).encode())
        except BaseException:
            process.kill()  # it has no task yet
            process.wait()
            raise
        return _Own(process)

    def find(self, job: JobRow) -> Coordinator:
        """By number and beginning; on another machine, by the study's lock."""
        if job.host not in ("", socket.gethostname()):
            return _Elsewhere(self._url, job.study)
        return _Adopted(job.pid, job.pid_started)


class _Own:
    """A child of this process."""

    own = True

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

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
    """A process that an earlier server has started."""

    own = False

    def __init__(self, pid: int | None, started: float | None) -> None:
        self._process = _same(pid, started)

    @property
    def status(self) -> int | None:
        if self._process is None:
            return 1
        try:
            return None if self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE else 1
        except psutil.NoSuchProcess:
            return 1

    def ask_to_end(self) -> None:
        if self._process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._process.terminate()  # looks at the beginning again

    def kill(self) -> None:
        if self._process is not None and self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class _Elsewhere:
    """A process on another machine, of which no more is known than whether it holds the study's lock."""

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


def _same(pid: int | None, started: float | None) -> psutil.Process | None:
    """The process with this number, unless it is a later one."""
    if pid is None or started is None:
        return None
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - started) < _CLOCK else None
    except psutil.NoSuchProcess:
        return None
