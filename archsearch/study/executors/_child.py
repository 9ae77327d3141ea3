"""What happens in the process of one evaluation, from its fork to its end."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import faulthandler
import itertools
import math
import mmap
import os
import re
import resource
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import NoReturn

from archsearch.errors import is_shortage
from archsearch.schema.score import Failure
from archsearch.study.executors import Evaluate, EvaluationFailed, Job
from archsearch.study.executors._frames import FAILED, FINISHED, REPORT, STARTED, WEIGHTS, job_of_bytes, send, to_json
from archsearch.study.executors._guard import adopt_orphans

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)

_OUT_OF_MEMORY = re.compile(r"can't allocate memory|not enough memory|out of memory|bad_alloc", re.IGNORECASE)


def run(evaluate: Evaluate, files: list[int], parent: int) -> NoReturn:
    """Evaluate one job and end the process; `files`: socket to the coordinator, output, the job's text."""
    status = 1
    try:
        stream, output, job = files
        _isolate(stream, output, job, parent)
        coordinator = socket.socket(fileno=stream)
        threading.Thread(target=_end_with, args=(coordinator,), daemon=True).start()
        with os.fdopen(job, "rb") as text:
            told = job_of_bytes(text.read())
        send(coordinator, STARTED)
        _evaluate(evaluate, told, coordinator)
        status = 0
    except BaseException:  # noqa: BLE001  # the fork server's code above must not go on in this process
        traceback.print_exc()
        _flush_output()
    finally:
        os._exit(status)


def _isolate(stream: int, output: int, job: int, parent: int) -> None:
    """A session of its own, no files but its own, descendants that stay below it, and an end with its parent's."""
    os.setsid()
    adopt_orphans()
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # the parent died before it could be watched
    os.dup2(output, 1)
    os.dup2(output, 2)
    _close_others({0, 1, 2, stream, job})
    nothing = os.open(os.devnull, os.O_RDONLY)  # only now: the fork server may have had no file left to open
    os.dup2(nothing, 0)
    os.close(nothing)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable(2, all_threads=False)


def _close_others(kept: set[int]) -> None:
    """Close what was inherited: the sockets of other jobs would otherwise stay open as long as this one."""
    edges = [*sorted(kept), max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20)]
    for below, above in itertools.pairwise(edges):
        os.closerange(below + 1, above)


def _end_with(coordinator: socket.socket) -> None:
    """End this process and its group as soon as the coordinator's end of the socket is closed."""
    with contextlib.suppress(OSError):
        while coordinator.recv(1):
            pass
    os.killpg(0, signal.SIGKILL)


def _evaluate(evaluate: Evaluate, job: Job, coordinator: socket.socket) -> None:
    def report(check: int, value: float) -> None:
        if not math.isfinite(value):
            raise EvaluationFailed("nan" if math.isnan(value) else "inf", f"check {check} has the value {value}")
        send(coordinator, REPORT, to_json([int(check), float(value)]))

    unlimited = resource.getrlimit(resource.RLIMIT_DATA)
    failure = None
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (_memory_taken() + job.memory_mb * 10**6, unlimited[1]))
        score, weights = evaluate(job, report)
    except BaseException as error:  # noqa: BLE001  # SystemExit and the like are failures of this one evaluation
        failure = _failure(error, job)
        error.__traceback__ = None  # lets go of what the evaluation has allocated
    resource.setrlimit(resource.RLIMIT_DATA, unlimited)
    if failure is not None and failure.kind == "memory limit" and not has_memory(job.memory_mb):
        failure = Failure(kind="lost", reason=f"the machine has no {job.memory_mb} MB of memory: {failure.reason}")
    _flush_output()
    if failure is not None:
        send(coordinator, FAILED, failure.model_dump_json().encode())
        return
    if weights is not None:
        send(coordinator, WEIGHTS, weights)
    send(coordinator, FINISHED, score.model_dump_json().encode())


def _memory_taken() -> int:
    """Bytes of data that this process has mapped, which is what RLIMIT_DATA counts."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _failure(error: BaseException, job: Job) -> Failure:
    if isinstance(error, EvaluationFailed):
        return Failure(kind=error.kind, reason=str(error))
    if is_out_of_memory(error):
        return Failure(kind="memory limit", reason=f"more than {job.memory_mb} MB: {_last_line(error)}")
    machine = is_shortage(error) and getattr(error, "errno", None) != errno.EMFILE  # that many files are its own
    return Failure(kind="lost" if machine else "exception", reason=_last_line(error))


def has_memory(memory_mb: int) -> bool:
    """Whether the machine grants what an evaluation may take; nothing of it is touched."""
    try:
        mmap.mmap(-1, memory_mb * 10**6, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, OverflowError):
        return False
    return True


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an allocation has failed, in Python, numpy or torch."""
    named = type(error).__name__ == "OutOfMemoryError"  # torch's, which must not be imported for this
    refused = isinstance(error, OSError) and error.errno == errno.ENOMEM
    said = isinstance(error, RuntimeError) and says_out_of_memory(str(error))
    return isinstance(error, MemoryError) or named or refused or said


def says_out_of_memory(text: str) -> bool:
    """Whether a message is that of an allocator that has failed."""
    return _OUT_OF_MEMORY.search(text) is not None


def _last_line(error: BaseException) -> str:
    """`ValueError: what it said (file.py, line 3)`."""
    text = " ".join(str(error).split())[:1000]
    return f"{type(error).__name__}{f': {text}' if text else ''}{_place(error)}"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})"


def _flush_output() -> None:
    """Write out what was printed."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
