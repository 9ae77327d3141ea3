"""One job that runs in a child of the fork server, as its coordinator sees it."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator

from pydantic import ValidationError

from archsearch.errors import printable
from archsearch.schema.score import Failure, FailureKind, Score
from archsearch.spelling import signal_name
from archsearch.study.executors import Failed, Finished, Job, Reported
from archsearch.study.executors._child import has_memory, says_out_of_memory
from archsearch.study.executors._frames import (
    FINISHED,
    REPORT,
    STARTED,
    WEIGHTS,
    BrokenFrame,
    FrameReader,
    Kind,
    job_to_bytes,
)

START_LIMIT = 600.0
"""Seconds for the fork server to import what it needs and to start a child."""

GRACE = 10.0
"""Seconds for a process to end once it has closed its connection."""

_TAIL, _LINES = 2000, 16  # bytes of the output that are kept, lines that are shown
_CHUNK, _CHUNKS = 1 << 16, 16  # of output that are read at a time
OWN_FAULT = {
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGILL,
    signal.SIGTRAP,
    signal.SIGSYS,
    signal.SIGPIPE,
    signal.SIGALRM,
    signal.SIGVTALRM,
    signal.SIGPROF,
}
"""Signals by which a process brings about its own end; others come from outside: of SIGKILL that cannot be told."""


class Running:
    """Holds the coordinator's ends of a job's connections, and what has been learnt through them."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.result: Finished | Failed | None = None
        self.deadline = time.monotonic() + START_LIMIT
        self.stream, self._their_stream = socket.socketpair()
        self.output, self._their_output = os.pipe()
        os.set_blocking(self.output, False)
        self._text = os.memfd_create("job", os.MFD_CLOEXEC)
        _write_all(self._text, job_to_bytes(job))
        self._reader = FrameReader(self.stream, largest=max(1 << 24, job.memory_mb * 10**6))
        self._weights: bytes | None = None
        self._tail = b""
        self._output_closed = False
        self._started: float | None = None

    def files_for_child(self) -> tuple[int, int, int]:
        """What the child gets: its end of the socket, of the output, and the text of the job."""
        return self._their_stream.fileno(), self._their_output, self._text

    def close_files_for_child(self) -> None:
        """Close the child's ends in this process, once they are on their way."""
        self._their_stream.close()
        os.close(self._their_output)
        os.close(self._text)

    def close(self) -> None:
        """Close everything."""
        self.stream.close()
        os.close(self.output)

    @property
    def seconds(self) -> float:
        """How long the evaluation has been running."""
        return 0.0 if self._started is None else time.monotonic() - self._started

    def take_in(self) -> Iterator[Reported]:
        """Read what has come from the child; sets `result` when it has one."""
        self._read_output()
        try:
            for kind, payload in self._reader.read():
                if kind == REPORT:
                    check, value = json.loads(payload)
                    yield Reported(self.job.number, check, value)
                else:
                    self._take(kind, payload)
        except (BrokenFrame, ValueError, TypeError) as error:
            self.result = self._failed("exception", f"the process sent no valid result: {_explain(error)}")
        if self._reader.closed:
            self.deadline = min(self.deadline, time.monotonic() + GRACE)

    @property
    def dry(self) -> tuple[socket.socket | int, ...]:
        """The streams that have come to their end."""
        streams: list[socket.socket | int] = [self.stream] if self._reader.closed else []
        return (*streams, self.output) if self._output_closed else tuple(streams)

    def ended(self, code: int) -> Failed:
        """The outcome when the process has ended without a result; `code` is its exit status, or minus a signal."""
        said = f"; last output: {self._last_words()}" if self._tail else ""
        if code >= 0 and self._started is None:
            return self.lost(f"the process ended with status {code} before the evaluation began{said}")
        if code >= 0:
            return self._failed("exception", f"the process exited with status {code} and without a result{said}")
        if -code not in OWN_FAULT:
            return self._failed("killed", f"the process was killed from outside by {signal_name(-code)}{said}")
        if says_out_of_memory(self._tail.decode(errors="replace")):
            kind: FailureKind = "memory limit" if has_memory(self.job.memory_mb) else "lost"
            return self._failed(kind, f"more than {self.job.memory_mb} MB: {signal_name(-code)}{said}")
        return self._failed("exception", f"the process died of {signal_name(-code)}{said}")

    def overdue(self) -> Failed:
        """The outcome when the process has had its time."""
        if self._reader.closed:
            return self._failed("lost", "the process closed its connection and did not end")
        if self._started is None:
            return self._failed("lost", f"the process did not start within {START_LIMIT:g} s")
        return self._failed("time limit", f"not finished after {self.job.seconds:g} s")

    def lost(self, reason: str) -> Failed:
        """The outcome when the fate of the process is unknown."""
        return self._failed("lost", reason)

    def _take(self, kind: Kind, payload: bytes) -> None:
        if kind == STARTED:
            self._started = time.monotonic()
            self.deadline = self._started + self.job.seconds
        elif kind == WEIGHTS:
            self._weights = payload
        elif kind == FINISHED:
            score = Score.model_validate_json(payload)
            self.result = Finished(self.job.number, score, self._weights, self.seconds)
        else:
            failure = Failure.model_validate_json(payload)
            self.result = self._failed(failure.kind, failure.reason)

    def _failed(self, kind: FailureKind, reason: str) -> Failed:
        return Failed(self.job.number, Failure(kind=kind, reason=reason), self.seconds)

    def _read_output(self) -> None:
        """Keep the end of what was printed, and drop the rest, so that a talkative candidate does not stand still."""
        for _ in range(_CHUNKS):
            try:
                printed = os.read(self.output, _CHUNK)
            except BlockingIOError:
                return
            if not printed:
                self._output_closed = True
                return
            self._tail = (self._tail + printed)[-_TAIL:]

    def _last_words(self) -> str:
        lines = self._tail.decode(errors="replace").split("\n")
        return " | ".join([printable(line.strip()[-120:], 120) for line in lines if line.strip()][-_LINES:])


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.lseek(descriptor, 0, os.SEEK_SET)


def _explain(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return printable(error, 300)
    return "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()[:3])
