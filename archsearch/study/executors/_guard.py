"""Processes that outlive their parent are adopted by an ancestor, which kills them when their job has ended.

A job is the subreaper of all that it starts: a process whose parent has ended becomes a child of the job, whatever its
session is. When the job ends these become children of the fork server, which kills every child that is not a job. The
fork server itself runs below a guard, which does the same when the fork server is killed; where the guard is killed,
the fork server ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_orphans(kept: Collection[int]) -> None:
    """Kill all children of this process except `kept`, and the children that these leave, until there are none."""
    while orphans := [process for process in _children() if process not in kept]:
        for process in orphans:
            os.kill(process, signal.SIGKILL)
        for process in orphans:
            os.waitpid(process, 0)


def fork_below_guard(coordinator: int) -> int:
    """Fork, and return in the child alone: a descriptor that comes to its end with the guard, which is the parent.

    The guard closes the descriptor `coordinator`: the connection ends with the fork server.
    """
    adopt_orphans()
    alive, held = os.pipe()
    process = os.fork()
    if process != 0:
        os.close(coordinator)
        os.close(alive)
        _guard(process)
    os.close(held)
    return alive


def _guard(process: int) -> NoReturn:
    """Wait for the end of the fork server, kill what it leaves, and end as it did."""
    _, status = os.waitpid(process, 0)
    kill_orphans(())
    _end_as(os.waitstatus_to_exitcode(status))


def _children() -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_bytes().split()]
    except FileNotFoundError:  # a kernel that lists no children
        processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [process for process in processes if _parent(process) == os.getpid()]


def _parent(process: int) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[1])
    return 0


def _end_as(code: int) -> NoReturn:
    """End with an exit status, or by minus a signal."""
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
