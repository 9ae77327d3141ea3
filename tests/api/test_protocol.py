"""HTTP as bytes: what is no request, what never ends, and several requests on one connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import repeat

import pytest

from tests.api.serving import TOKEN, Served
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


def test_requests_sent_together_are_answered_in_their_order(served: Served) -> None:
    paths = ("/healthz", "/api/v1/studies", "/api/v1/nothing", "/healthz")
    asked = b"".join(get(served, path) for path in paths[:-1]) + get(served, paths[-1], "Connection: close")
    answer = b""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(asked)
        while more := connection.recv(65536):
            answer += more
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"404", b"200"]


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
