"""Visitors of a server, in a process of their own: clients that read a board again and again, and streams of events.

    python -m benchmarks.visitors URL TOKEN STUDY CLIENTS STREAMS SECONDS PAUSE

Prints `ready`, and comes to visit when a line is given on stdin. Each client keeps one connection, reads, pauses for
about PAUSE seconds, and reads again. At the end a JSON line says how long each answer took and what went wrong. Bare
connections: a client library would take more of the machine than the server.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import re
import sys
import time
from urllib.parse import quote, urlsplit

_SETTLED = 0.5
"""Seconds at the start that are not counted: connections are being made."""
_PATIENCE = 10.0
"""Seconds after which an answer is missing."""

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_TAG = re.compile(rb"\r\netag: ([^\r]+)\r\n", re.IGNORECASE)


@dataclasses.dataclass
class Visits:
    """What the visitors have met. `took`: seconds for each board; `events`: of all streams together.

    `own`: processor seconds that the visitors took themselves.
    """

    took: list[float] = dataclasses.field(default_factory=list)
    unchanged: int = 0
    events: int = 0
    wrong: list[str] = dataclasses.field(default_factory=list)
    own: float = 0.0


@dataclasses.dataclass(frozen=True)
class Visitor:
    """Where to go, how to be let in, and what was met."""

    host: str
    port: int
    token: str
    visits: Visits

    def request(self, path: str, *more: bytes) -> bytes:
        """A GET."""
        lines = (
            f"GET {path} HTTP/1.1".encode(),
            f"Host: {self.host}:{self.port}".encode(),
            f"Authorization: Bearer {self.token}".encode(),
            *more,
        )
        return b"\r\n".join(lines) + b"\r\n\r\n"


class Client(asyncio.Protocol):
    """One client of a board: it remembers the board's tag, as browsers do."""

    def __init__(self, visitor: Visitor, path: str, pause: float, seed: int) -> None:
        self._visitor, self._path, self._pause = visitor, path, pause
        self._chance = random.Random(seed)
        self._loop = asyncio.get_running_loop()
        self._tag = b""
        self._began = self._counted_from = 0.0
        self._head = b""
        self._missing = 0
        self._next: asyncio.TimerHandle | None = None
        self._leaving = False
        self._left = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, some time within the first pause."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._counted_from = time.monotonic() + _SETTLED
        self._wait(self._pause * self._chance.random())

    def data_received(self, data: bytes) -> None:
        """A part of an answer."""
        if not self._missing:
            self._head += data
            end = self._head.find(b"\r\n\r\n") + 4
            if end < 4:
                return
            self._missing = self._read_head(self._head[:end])
            data, self._head = self._head[end:], b""
        self._missing -= len(data)
        if not self._missing:
            if self._began >= self._counted_from:
                self._visitor.visits.took.append(time.monotonic() - self._began)
            self._wait(self._pause * (0.5 + self._chance.random()))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over: at the client's wish, or something is wrong."""
        if self._next is not None:
            self._next.cancel()
        if not self._left.done():
            self._visitor.visits.wrong.append("client: the connection was closed")
            self._left.set_result(None)

    async def leave(self) -> None:
        """No more visits; what has been asked for is waited for."""
        self._leaving = True
        if self._next is not None and not self._left.done():
            self._next.cancel()
            self._left.set_result(None)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._left
        except TimeoutError:
            self._visitor.visits.wrong.append("client: no answer")
        self._transport.close()

    def _wait(self, seconds: float) -> None:
        if self._leaving:
            self._left.set_result(None)
        else:
            self._next = self._loop.call_later(seconds, self._ask)

    def _ask(self) -> None:
        self._began = time.monotonic()
        self._next = None
        more = (b"If-None-Match: " + self._tag,) if self._tag else ()
        self._transport.write(self._visitor.request(self._path, *more))

    def _read_head(self, head: bytes) -> int:
        """Note what it says; the length of what comes after it."""
        status, length, tag = (pattern.search(head) for pattern in (_STATUS, _LENGTH, _TAG))
        said = status[1].decode() if status else "no status"
        self._tag = tag[1] if tag else b""
        if said not in ("200", "304"):
            self._visitor.visits.wrong.append(f"board: {said}")
        if self._began >= self._counted_from:
            self._visitor.visits.unchanged += said == "304"
        return int(length[1]) if length and said != "304" else 0


async def follow(visitor: Visitor, path: str) -> None:
    """One stream, until it is cancelled."""
    reader, writer = await asyncio.open_connection(visitor.host, visitor.port)
    writer.write(visitor.request(path))
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            visitor.visits.wrong.append("stream: no 200")
        while line := await reader.readline():
            visitor.visits.events += line.startswith(b"data:")
        visitor.visits.wrong.append("stream: ended")
    finally:
        writer.close()


async def visit(visitor: Visitor, study: str, clients: int, streams: int, seconds: float, pause: float) -> None:
    """All of them, for so many seconds."""
    loop, until = asyncio.get_running_loop(), time.monotonic() + seconds
    spent = time.process_time()
    base = f"/api/v1/studies/{quote(study, safe='')}"
    following = [asyncio.create_task(follow(visitor, f"{base}/events")) for _ in range(streams)]
    board = f"{base}/board?phase=search&limit=100"
    reading = [Client(visitor, board, pause, seed) for seed in range(clients)]
    for client in reading:
        await loop.create_connection(lambda client=client: client, visitor.host, visitor.port)
    await asyncio.sleep(until - time.monotonic())
    await asyncio.gather(*(client.leave() for client in reading))
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    visitor.visits.own = time.process_time() - spent


def main(url: str, token: str, study: str, clients: int, streams: int, seconds: float, pause: float) -> None:
    """Visit when told to, and say how it was."""
    place = urlsplit(url)
    assert place.hostname is not None
    assert place.port is not None
    visitor = Visitor(place.hostname, place.port, token, Visits())
    print("ready", flush=True)
    sys.stdin.readline()
    asyncio.run(visit(visitor, study, clients, streams, seconds, pause))
    print(json.dumps(dataclasses.asdict(visitor.visits)), flush=True)


if __name__ == "__main__":
    url, token, study, clients, streams, seconds, pause = sys.argv[1:8]
    main(url, token, study, int(clients), int(streams), float(seconds), float(pause))
