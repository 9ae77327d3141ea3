"""Visitors of a server, in a process of their own: clients that read a board again and again, and streams of events.

    python -m benchmarks.visitors URL TOKEN STUDY CLIENTS STREAMS SECONDS PAUSE

Prints `ready`, and comes to visit when a line is given on stdin. Each client keeps one connection, reads, pauses for
about PAUSE seconds, and reads again. At the end a JSON line says how long each answer took and what went wrong. Plain
sockets and one loop: these visitors share the machine with what they look at, and are to take little of it.
"""

from __future__ import annotations

import dataclasses
import heapq
import json
import random
import re
import selectors
import socket
import sys
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

_SETTLED = 0.5
"""Seconds at the start that are not counted: connections are being made."""
_PATIENCE = 10.0
"""Seconds after the end for which answers are waited for."""
_CHUNK = 2**18

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
class Place:
    """Where to go, and how to be let in."""

    host: str
    port: int
    token: str

    def open(self) -> socket.socket:
        """A connection."""
        return socket.create_connection((self.host, self.port))

    def request(self, path: str, *more: bytes) -> bytes:
        """A GET."""
        lines = (f"GET {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Authorization: Bearer {self.token}")
        return b"\r\n".join([*(line.encode() for line in lines), *more]) + b"\r\n\r\n"


class Stream:
    """One stream of events."""

    def __init__(self, place: Place, path: str, visits: Visits) -> None:
        self.socket = place.open()
        self.socket.sendall(place.request(path))
        self._visits = visits
        self._begun = False

    def receive(self) -> None:
        """Some of it has come."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the stream has ended")
        if not self._begun:
            status = _STATUS.match(data)
            if status is None or status[1] != b"200":
                raise ConnectionError("the stream was not answered with 200")
            self._begun = True
        self._visits.events += data.count(b"\ndata:")


class Client:
    """One reader of a board: it remembers the board's tag, as browsers do."""

    def __init__(self, place: Place, path: str, visits: Visits, seed: int) -> None:
        self.socket = place.open()
        self.chance = random.Random(seed)
        self.asked = 0.0
        """When it asked for what has not come yet; 0 when all has."""
        self._place, self._path, self._visits = place, path, visits
        self._tag, self._head, self._missing = b"", b"", 0
        self._counted_from = time.monotonic() + _SETTLED

    def ask(self) -> None:
        """Ask for the board."""
        self.asked = time.monotonic()
        more = (b"If-None-Match: " + self._tag,) if self._tag else ()
        self.socket.sendall(self._place.request(self._path, *more))

    def receive(self) -> None:
        """Some of the answer has come."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the connection was closed")
        if not self._missing:
            self._head += data
            end = self._head.find(b"\r\n\r\n") + 4
            if end < 4:
                return
            self._missing = self._read_head(self._head[:end])
            data, self._head = self._head[end:], b""
        self._missing -= len(data)
        if not self._missing:
            if self.asked >= self._counted_from:
                self._visits.took.append(time.monotonic() - self.asked)
            self.asked = 0.0

    def _read_head(self, head: bytes) -> int:
        """Note what it says; the length of what comes after it."""
        status, length, tag = (pattern.search(head) for pattern in (_STATUS, _LENGTH, _TAG))
        said = status[1].decode() if status else "no status"
        self._tag = tag[1] if tag else b""
        if said not in ("200", "304"):
            self._visits.wrong.append(f"board: {said}")
        if self.asked >= self._counted_from:
            self._visits.unchanged += said == "304"
        return int(length[1]) if length and said != "304" else 0


class Visit:
    """All visitors, in one loop."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._ready = selectors.DefaultSelector()
        self._due: list[tuple[float, int, Client]] = []
        self._asking: set[Client] = set()

    def add(self, visitor: Client | Stream) -> None:
        """Listen to a visitor."""
        self._ready.register(visitor.socket, selectors.EVENT_READ, visitor)

    def plan(self, client: Client, seconds: float) -> None:
        """Let a client ask, `seconds` from now."""
        heapq.heappush(self._due, (time.monotonic() + seconds, id(client), client))

    def go(self, until: float, pause: Callable[[Client], float]) -> None:
        """Visit until this moment; then wait for what has been asked for."""
        while (now := time.monotonic()) < until:
            while self._due and self._due[0][0] <= now:
                client = heapq.heappop(self._due)[2]
                self._asking.add(client)
                client.ask()
            self._listen(min(until, self._due[0][0] if self._due else until), pause)
        while self._asking and time.monotonic() < until + _PATIENCE:
            self._listen(until + _PATIENCE, pause)
        self._visits.wrong += ["client: no answer"] * len(self._asking)

    def _listen(self, until: float, pause: Callable[[Client], float]) -> None:
        for key, _ in self._ready.select(max(0.0, until - time.monotonic())):
            visitor = key.data
            try:
                visitor.receive()
            except OSError as error:
                self._visits.wrong.append(f"{type(visitor).__name__.lower()}: {error}")
                self._ready.unregister(visitor.socket)
                self._asking.discard(visitor)
                continue
            if isinstance(visitor, Client) and not visitor.asked:
                self._asking.discard(visitor)
                self.plan(visitor, pause(visitor))


def main(url: str, token: str, study: str, clients: int, streams: int, seconds: float, pause: float) -> None:
    """Visit when told to, and say how it was."""
    split = urlsplit(url)
    assert split.hostname is not None
    assert split.port is not None
    place, visits = Place(split.hostname, split.port, token), Visits()
    base = f"/api/v1/studies/{quote(study, safe='')}"
    print("ready", flush=True)
    sys.stdin.readline()
    until, spent, visit = time.monotonic() + seconds, time.process_time(), Visit(visits)
    for _ in range(streams):
        visit.add(Stream(place, f"{base}/events", visits))
    for seed in range(clients):
        client = Client(place, f"{base}/board?phase=search&limit=100", visits, seed)
        visit.add(client)
        visit.plan(client, pause * client.chance.random())
    visit.go(until, lambda client: pause * (0.5 + client.chance.random()))
    visits.own = time.process_time() - spent
    print(json.dumps(dataclasses.asdict(visits)), flush=True)


if __name__ == "__main__":
    url, token, study, clients, streams, seconds, pause = sys.argv[1:8]
    main(url, token, study, int(clients), int(streams), float(seconds), float(pause))
