"""Connections without the token do not shut out those that have shown it, at one address or many."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
from collections.abc import Callable, Iterator

import pytest

from archsearch.server.connections import Connections
from tests.api.serving import PLENTY, TOKEN, Served, first_event, serving
from tests.api.test_protocol import Transport
from tests.api.wire import read_answer

BOARD = "/api/v1/studies/tiny/board"


def request(served: Served, path: str = BOARD, token: str = TOKEN, *headers: str) -> bytes:
    """A whole request as bytes."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Authorization: Bearer {token}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


@contextlib.contextmanager
def crowd(served: Served) -> Iterator[Callable[[int, bytes], list[socket.socket]]]:
    """Opens connections that send some bytes, and keeps them."""
    with contextlib.ExitStack() as stack:

        def add(number: int, sent: bytes = b"") -> list[socket.socket]:
            sockets = []
            for _ in range(number):
                sockets.append(stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=20)))
                with contextlib.suppress(ConnectionError):
                    sockets[-1].sendall(sent)
            return sockets

        yield add


def status(served: Served, connection: socket.socket, asked: bytes) -> bytes:
    """The status of the answer to a request on a connection."""
    connection.sendall(asked)
    return read_answer(connection)[:12]


PARTS = {
    "silent": b"",
    "head": b"GET / HTTP/1.1\r\nX-Slow: ",
    "no token": b"GET /api/v1/studies HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "wrong token": b"GET /healthz?token=x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "body": b"POST /api/v1/validate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
}


@pytest.mark.parametrize("number", [260, 1000])
@pytest.mark.parametrize("sent", PARTS.values(), ids=PARTS)
def test_connections_without_a_token_do_not_shut_out_a_client(storage: str, number: int, sent: bytes) -> None:
    with serving(storage) as found, crowd(found) as add, found.http() as before, found.http() as after:
        assert before.get(BOARD).status_code == 200
        add(number, sent)
        assert before.get(BOARD).status_code == 200, "the connection that has shown the token is kept"
        assert after.get(BOARD).status_code == 200, "a new one gets in"


def test_a_stream_of_events_outlasts_those_who_keep_opening_connections(storage: str) -> None:
    with (
        serving(storage) as found,
        crowd(found) as add,
        found.http() as http,
        http.stream("GET", "/api/v1/studies/going/events") as answer,
    ):
        lines = answer.iter_lines()
        assert first_event(lines) == "event: progress"
        slow: list[socket.socket] = []
        for _ in range(5):
            slow += add(300, PARTS["head"])
            (new,) = add(1, b"")
            add(100, b"")  # between a new client's connection and its request
            assert status(found, new, request(found)) == b"HTTP/1.1 200"
            for connection in slow:
                with contextlib.suppress(ConnectionError):
                    connection.sendall(b"x")
        assert next(line for line in lines if line.startswith(":")) == ": still here"


def test_requests_without_a_token_do_not_use_up_those_of_clients_that_have_it(storage: str) -> None:
    with (
        serving(storage, limits=dataclasses.replace(PLENTY, rate=1e-9, burst=3)) as found,
        found.anonymous() as other,
        found.http() as http,
    ):
        assert [other.get("/healthz").status_code for _ in range(5)] == [200] * 3 + [429] * 2
        assert [http.get("/healthz").status_code for _ in range(5)] == [200] * 3 + [429] * 2


def test_connections_with_the_token_are_bounded_too(storage: str) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, connections=30)) as found, crowd(found) as add:
        first = add(30, b"")
        assert {status(found, each, request(found, "/healthz")) for each in first} == {b"HTTP/1.1 200"}
        (more,) = add(1, b"")
        assert status(found, more, request(found, "/healthz")) == b"HTTP/1.1 503"
        assert status(found, first[0], request(found, "/healthz", TOKEN, "Connection: close")) == b"HTTP/1.1 200"
        while first[0].recv(65536):
            pass
        (another,) = add(1, b"")
        assert status(found, another, request(found, "/healthz")) == b"HTTP/1.1 200"


def test_without_tokens_each_connection_that_asks_is_kept(storage: str) -> None:
    with serving(storage, token=None) as found, crowd(found) as add, found.http() as http:
        assert http.get(BOARD).status_code == 200
        add(1000, b"")
        assert http.get(BOARD).status_code == 200


def opened(connections: Connections, *clients: str) -> list[Transport]:
    """Connections from these addresses, each from a port of its own."""
    transports: list[Transport] = []
    for client in clients:
        transports.append(Transport(peername=(client, id(transports) + len(transports)), sockname=("192.0.2.1", 80)))
        connections.opened(transports[-1])
    return transports


def test_the_oldest_of_the_address_with_most_strangers_is_closed() -> None:
    connections = Connections(4)
    transports = opened(connections, "a", "b", "b", "a", "b")
    assert [transport.aborted for transport in transports] == [False, True, False, False, False]
    connections.closed(transports[1])
    transports += opened(connections, "c")
    assert [transport.aborted for transport in transports] == [True, True, False, False, False, False]


def test_a_connection_that_is_admitted_is_never_closed_and_makes_room() -> None:
    connections = Connections(2)
    known = opened(connections, "a", "a")
    scopes = [{"client": each.get_extra_info("peername"), "server": ("192.0.2.1", 80)} for each in known]
    assert all(connections.admit(scope) for scope in scopes * 2)
    strangers = opened(connections, "a", "a", "a")
    assert [each.aborted for each in known + strangers] == [False, False, True, False, False]
    stranger = {"client": strangers[2].get_extra_info("peername"), "server": ("192.0.2.1", 80)}
    assert not connections.admit(stranger), "as many are known as may be"
    connections.closed(known[0])
    assert connections.admit(stranger)
