"""Visitors of a server, in a process of their own: clients that read a board again and again, and streams of events.

    python -m benchmarks.visitors URL TOKEN STUDY CLIENTS STREAMS SECONDS PAUSE

Each client keeps one connection, reads, pauses for about PAUSE seconds, and reads again. At the end a JSON line says
how long each answer took and what went wrong. Plain sockets: a client library would take more of the machine than the
server.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import sys
import time
from urllib.parse import quote, urlsplit

_SETTLED = 0.5
"""Seconds at the start that are not counted: connections are being made."""


@dataclasses.dataclass
class Visits:
    """What the visitors have met. `took`: seconds for each board; `events`: of all streams together."""

    took: list[float] = dataclasses.field(default_factory=list)
    unchanged: int = 0
    events: int = 0
    wrong: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Visitor:
    """Where to go, and how to be let in."""

    host: str
    port: int
    token: str

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection."""
        return await asyncio.open_connection(self.host, self.port)

    def request(self, path: str, *more: str) -> bytes:
        """A GET."""
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            f"Authorization: Bearer {self.token}",
            *more,
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def read_boards(visitor: Visitor, path: str, pause: float, until: float, visits: Visits, seed: int) -> None:
    """One client: it remembers the board's tag, as browsers do."""
    chance = random.Random(seed)
    reader, writer = await visitor.open()
    tag = ""
    counted_from = time.monotonic() + _SETTLED
    await asyncio.sleep(pause * chance.random())
    while time.monotonic() < until:
        more = [f"If-None-Match: {tag}"] if tag else []
        began = time.monotonic()
        writer.write(visitor.request(path, *more))
        status, tag = await answer(reader)
        if began >= counted_from:
            visits.took.append(time.monotonic() - began)
            visits.unchanged += status == 304
        if status not in (200, 304):
            visits.wrong.append(f"board: {status}")
        await asyncio.sleep(pause * (0.5 + chance.random()))
    writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Read one answer to its end; its status and its tag."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if length:
        await reader.readexactly(length)
    return int(head[0].split()[1]), headers.get("etag", "")


async def follow(visitor: Visitor, path: str, visits: Visits) -> None:
    """One stream, until it is cancelled."""
    reader, writer = await visitor.open()
    writer.write(visitor.request(path))
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            visits.wrong.append("stream: no 200")
        while line := await reader.readline():
            visits.events += line.startswith(b"data:")
        visits.wrong.append("stream: ended")
    finally:
        writer.close()


async def visit(visitor: Visitor, study: str, clients: int, streams: int, seconds: float, pause: float) -> Visits:
    """All of them, for so many seconds."""
    visits, until = Visits(), time.monotonic() + seconds
    base = f"/api/v1/studies/{quote(study, safe='')}"
    following = [asyncio.create_task(follow(visitor, f"{base}/events", visits)) for _ in range(streams)]
    board = f"{base}/board?phase=search&limit=100"
    reading = [read_boards(visitor, board, pause, until, visits, seed) for seed in range(clients)]
    for found in await asyncio.gather(*reading, return_exceptions=True):
        if found is not None:
            visits.wrong.append(f"client: {type(found).__name__}")
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    return visits


def main(url: str, token: str, study: str, clients: int, streams: int, seconds: float, pause: float) -> None:
    """Visit, and say how it was."""
    place = urlsplit(url)
    assert place.hostname is not None
    assert place.port is not None
    visitor = Visitor(place.hostname, place.port, token)
    found = asyncio.run(visit(visitor, study, clients, streams, seconds, pause))
    print(json.dumps(dataclasses.asdict(found)))


if __name__ == "__main__":
    url, token, study, clients, streams, seconds, pause = sys.argv[1:8]
    main(url, token, study, int(clients), int(streams), float(seconds), float(pause))
