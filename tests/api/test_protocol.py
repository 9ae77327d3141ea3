"""HTTP as bytes: what is no request, what never ends, several requests on one connection, answers that nobody takes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import select
import socket
import threading
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from uvicorn.server import ServerState

from archsearch.api.app import make_app
from archsearch.api.events import Streams
from archsearch.server import listening as server
from archsearch.server.access import GuardedRoute
from archsearch.server.connections import Connections
from archsearch.server.protocol import bounded
from archsearch.server.settings import ServerLimits, Settings
from tests.api.serving import PLENTY, TOKEN, Served, serving
from tests.api.wire import head, raw


def get(served: Served, path: str = "/healthz", *headers: str, method: str = "GET") -> bytes:
    """The head of a request with the token."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Authorization: Bearer {TOKEN}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


def sent_until_closed(served: Served, begin: bytes, rest: Iterator[bytes]) -> int:
    """How many bytes a server takes that is sent `rest` after `begin`, before it hangs up."""
    taken = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(begin)
        try:
            for piece in rest:
                connection.sendall(piece)
                taken += len(piece)
                if taken > 2**26:
                    break
        except OSError:
            pass
    return taken


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("headers", "begin", "piece"),
    [
        ((), b"", b"X-More: " + b"x" * 1000 + b"\r\n"),
        ((), b"X-More: ", b"x" * 1000),
        ((), b"", b"x" * 1000),
        ((CHUNKED,), b"\r\n0\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
        ((CHUNKED,), b"\r\n0\r\nX-More: ", b"x" * 1000),
        ((CHUNKED,), b"\r\n1;", b"x" * 1000),
        ((CHUNKED,), b"\r\n", b"0" * 1000),
    ],
    ids=["headers", "a header", "a name", "trailers", "a trailer", "a chunk's extension", "a chunk's size"],
)
def test_what_never_ends_is_ended(served: Served, headers: tuple[str, ...], begin: bytes, piece: bytes) -> None:
    """Neither memory nor a connection is given to it."""
    start = head(served, *headers).removesuffix(b"\r\n") + begin
    assert sent_until_closed(served, start, repeat(piece)) < 2**25, "buffers of the machine hold some of it"


def test_an_address_that_never_ends_is_ended(served: Served) -> None:
    assert sent_until_closed(served, b"GET /", repeat(b"x" * 1000)) < 2**25


def test_a_large_head_that_is_whole_is_refused_as_a_head(served: Served) -> None:
    assert raw(served, get(served, "/healthz", f"X-Long: {'x' * 30_000}")).startswith(b"HTTP/1.1 431 ")


def test_a_body_in_small_chunks_is_taken(served: Served) -> None:
    text = b"cell: lstm\n" + b"#" * 60_000
    chunks = [b"1\r\n" + text[at : at + 1] + b"\r\n" for at in range(len(text))]
    answer = raw(served, head(served, CHUNKED) + b"".join(chunks) + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"missing key 'equations'" in answer, "all of it was read"


def statuses(served: Served, asked: bytes) -> list[bytes]:
    """Those of all answers to these bytes, until the server ends the connection."""
    answer = b""
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection,
        contextlib.suppress(ConnectionError),
    ):
        connection.sendall(asked)
        while more := connection.recv(65536):
            answer += more
    return [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]


def test_requests_sent_together_are_answered_in_their_order(served: Served) -> None:
    paths = ("/healthz", "/api/v1/studies", "/api/v1/nothing", "/healthz") * 4
    asked = b"".join(get(served, path) for path in paths) + get(served, "/healthz", "Connection: close")
    assert statuses(served, asked) == [b"200", b"200", b"404", b"200"] * 4 + [b"200"]


def test_more_requests_than_may_wait_end_the_connection(served: Served) -> None:
    """None of them has a token, and each of them would take memory."""
    assert len(statuses(served, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 500)) < 20


def test_what_is_being_answered_is_told_that_its_client_is_gone(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where another request came after it: else a stream of events would go on for ever."""
    closed, count = threading.Event(), Streams.closed

    def note(streams: Streams) -> None:
        count(streams)
        closed.set()

    monkeypatch.setattr(Streams, "closed", note)
    with serving(storage, limits=dataclasses.replace(PLENTY, streams=1)) as found:
        events = get(found, "/api/v1/studies/going/events")
        with socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
            connection.sendall(events + get(found))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert closed.wait(timeout=10)
        with socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
            connection.sendall(events)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_nothing_is_upgraded(served: Served, upgrade: str) -> None:
    asked = get(served, "/healthz", "Connection: Upgrade", f"Upgrade: {upgrade}", "Sec-WebSocket-Version: 13")
    assert raw(served, asked).startswith(b"HTTP/1.1 200 ")
    foreign = asked.replace(b"Host: 127.0.0.1", b"Host: evil.example")
    assert raw(served, foreign).startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize(
    ("target", "method"),
    [("http://evil.example/api/v1/studies", "GET"), ("evil.example:80", "CONNECT"), ("*", "OPTIONS"), ("//x/y", "GET")],
)
def test_other_forms_of_an_address_lead_nowhere_else(served: Served, target: str, method: str) -> None:
    answer = raw(served, get(served, target, method=method))
    assert answer[:9] == b"HTTP/1.1 "
    assert answer[9:10] in (b"2", b"4")
    without = raw(served, get(served, target, method=method).replace(TOKEN.encode(), b"wrong"))
    assert without[9:10] == b"4"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\nHost: {host}\n\n",
        b"GET /healthz HTTP/1.1\r\nHost : {host}\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: {host}\r\n folded: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: a\x00b\r\n\r\n",
        b"GET /health\xffz HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\nHost: {host}\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        b"\x00" * 100 + b"\r\n\r\n",
    ],
)
def test_what_servers_understand_differently_is_refused(served: Served, sent: bytes) -> None:
    answer = raw(served, sent.replace(b"{host}", f"127.0.0.1:{served.port}".encode()))
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 421 ")), answer[:200]
    assert b"traceback" not in answer.lower()


# --- answers that nobody takes


LARGE = 2**23


@pytest.fixture
def impatient(storage: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server with answers of any size, which waits but a moment for them to be taken; the machine holds few bytes."""
    bind = server.bind

    def bind_narrow(host: str, port: int) -> socket.socket:
        listener = bind(host, port)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return listener

    async def answer(size: int) -> Response:
        return Response(b"x" * size)

    def make(settings: Settings) -> FastAPI:
        app = make_app(settings)
        app.router.add_api_route("/large/{size}", answer, route_class_override=GuardedRoute)
        route = app.router.routes[-1]
        assert isinstance(route, GuardedRoute)
        route.access = "open"
        return app

    monkeypatch.setattr(server, "bind", bind_narrow)
    with serving(storage, limits=dataclasses.replace(PLENTY, taking=0.2), make=make) as found:
        yield found


@pytest.mark.parametrize(
    ("size", "headers", "times"),
    [(LARGE, ["Connection: close"], 1), (40_000, ["Connection: close"], 1), (LARGE, [], 1), (LARGE, [], 2)],
    ids=["closing", "closing with little", "idle", "another waits"],
)
def test_a_client_that_does_not_take_its_answer_is_cut_off(
    impatient: Served, size: int, headers: list[str], times: int
) -> None:
    """Closing would wait for it, and so would its next answer, for ever."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", impatient.port))
        connection.sendall(get(impatient, f"/large/{size}", *headers) * times)
        ended = select.poll()
        ended.register(connection, 0)  # tells of a reset, and of nothing that could be read
        assert ended.poll(10_000)
    assert not impatient.server.server_state.connections


class Transport(asyncio.Transport):
    """One without a client."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(extra)
        self.aborted = False

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        return

    def abort(self) -> None:
        self.aborted = True


def test_a_client_that_takes_something_is_given_time_anew() -> None:
    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        return None

    async def look() -> list[bool]:
        config = uvicorn.Config(nothing, log_config=None)
        connection = bounded(ServerLimits(taking=10.0), Connections(1))(config, ServerState(), {})
        with socket.socket() as own:
            transport, seen = Transport(socket=own), []
            connection.connection_made(transport)
            for now in (0.0, 100.0, 109.0, 120.0, 129.0, 131.0):
                if now in (100.0, 120.0):  # it has taken what was there, and does not take what came after that
                    connection.resume_writing()
                    connection.pause_writing()
                connection.abort_if_stalled(now)
                seen.append(transport.aborted)
            connection.connection_lost(None)
        return seen

    assert asyncio.run(look()) == [False] * 5 + [True]
