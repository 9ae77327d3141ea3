"""What a child and its coordinator say to each other: a job, and frames of one kind byte, a length and a payload.

Everything is JSON or raw bytes. Nothing that a child sends is unpickled.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from typing import Any, Literal, cast

from archsearch.study.executors import Job, Trained

Kind = Literal[b"S", b"R", b"W", b"F", b"X"]
STARTED: Kind = b"S"
REPORT: Kind = b"R"
WEIGHTS: Kind = b"W"
FINISHED: Kind = b"F"
FAILED: Kind = b"X"
KINDS = (STARTED, REPORT, WEIGHTS, FINISHED, FAILED)

_HEADER = struct.Struct(">cQ")
_CHUNK, _CHUNKS = 1 << 18, 16  # that are read at a time


def job_to_bytes(job: Job) -> bytes:
    """A job as a line of JSON, and after it the weights that it is to check."""
    trained = job.trained and job.trained.score
    plain = {**vars(job), "trained": trained}
    return json.dumps(plain).encode() + b"\n" + (job.trained.weights if job.trained else b"")


def job_of_bytes(text: bytes) -> Job:
    """The job that `job_to_bytes` has written."""
    line, _, weights = text.partition(b"\n")
    plain = json.loads(line)
    trained = None if plain["trained"] is None else Trained(plain["trained"], weights)
    return Job(**{**plain, "backends": tuple(plain["backends"]), "trained": trained})


class BrokenFrame(Exception):
    """The received bytes are not a frame."""


def send(stream: socket.socket, kind: Kind, payload: bytes = b"") -> None:
    """Send one frame; waits until it is written."""
    stream.sendall(_HEADER.pack(kind, len(payload)) + payload)


def to_json(value: Any) -> bytes:
    """`value` as JSON; `ValueError` for NaN and infinity."""
    return json.dumps(value, allow_nan=False).encode()


class FrameReader:
    """Puts frames together from a socket that does not block."""

    def __init__(self, stream: socket.socket, largest: int) -> None:
        stream.setblocking(False)
        self.stream = stream
        self.largest = largest
        self.closed = False
        self._buffer = bytearray()

    def read(self) -> Iterator[tuple[Kind, bytes]]:
        """The frames that are there now, or some of them; sets `closed` at the end. Raises `BrokenFrame`."""
        for _ in range(_CHUNKS):
            if not self._receive():
                return
            yield from self._complete()

    def _receive(self) -> bool:
        try:
            received = self.stream.recv(_CHUNK)
        except BlockingIOError:
            return False
        except ConnectionError:
            received = b""
        self._buffer += received
        self.closed = not received
        return bool(received)

    def _complete(self) -> Iterator[tuple[Kind, bytes]]:
        while len(self._buffer) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._buffer)
            if kind not in KINDS or length > self.largest:
                raise BrokenFrame(f"a frame of kind {kind!r} and {length} bytes")
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            yield cast(Kind, kind), payload
