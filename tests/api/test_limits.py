"""How much a client may send, how often, how slowly; and that the limits are what stops it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from archsearch.schema.yaml_text import LARGEST_TEXT
from archsearch.server import listening
from archsearch.server.limits import Buckets, Limited
from archsearch.server.settings import ServerLimits
from tests.api.serving import PLENTY, Served, serving
from tests.api.wire import head, raw

YAML = {"Content-Type": "application/yaml"}


def pieces(size: int, piece: int = 2**16) -> Iterator[bytes]:
    """So many bytes in chunks."""
    for _ in range(size // piece):
        yield b"#" * piece


def refused(ask: Any) -> int:
    """The status of an answer; 413 as well where the server has hung up while we were still sending."""
    try:
        status: int = ask().status_code
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return 413
    return status


def test_a_text_may_have_256_kib_and_not_a_byte_more(served: Served) -> None:
    fits = b"#" * (LARGEST_TEXT - 8) + b"\ncell: x"
    with served.http() as http:
        assert http.post("/api/v1/validate", content=fits, headers=YAML).status_code == 200
        assert http.post("/api/v1/validate", content=fits + b"x", headers=YAML).status_code == 413


def test_large_bodies_are_refused_whatever_the_headers_say(served: Served) -> None:
    with served.http() as http:
        assert refused(lambda: http.post("/api/v1/validate", content=b"#" * 30_000_000, headers=YAML)) == 413
    with served.http() as http:
        assert refused(lambda: http.post("/api/v1/validate", content=pieces(30_000_000), headers=YAML)) == 413
    with served.http() as http:
        assert refused(lambda: http.request("GET", "/api/v1/studies", content=b"#" * 30_000_000)) == 413
    with served.http() as http:
        assert http.get("/healthz").status_code == 200


@pytest.mark.parametrize("said", ["31457280", "9" * 30, "1048577"])
def test_a_large_content_length_is_refused_before_anything_is_sent(served: Served, said: str) -> None:
    assert raw(served, head(served, f"Content-Length: {said}")).startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 400 "))


@pytest.mark.parametrize("said", ["-1", "1e3", "0x10", "１", "1, 2", "", "+5"])
def test_a_content_length_that_is_no_number_is_refused(served: Served, said: str) -> None:
    assert raw(served, head(served, f"Content-Length: {said}"), b"x").startswith(b"HTTP/1.1 400 ")


def test_a_content_length_that_is_too_small_leaves_no_second_request(served: Served) -> None:
    inner = f"GET /api/v1/studies HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    answer = raw(served, head(served, "Content-Length: 7", "Connection: close"), b"cell: x", inner)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"total"' not in answer
    both = head(served, "Content-Length: 7", "Transfer-Encoding: chunked", "Connection: close")
    answer = raw(served, both, b"0\r\n\r\n", inner)
    assert answer.count(b"HTTP/1.1 ") == 1


def test_what_is_no_http_gets_a_problem_and_no_word_of_ours(served: Served) -> None:
    for sent in (b"hello\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n"):
        answer = raw(served, sent)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"application/problem+json" in answer
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 400


def test_long_addresses_and_heads_are_refused(served: Served) -> None:
    with served.http() as http:
        assert http.get(f"/api/v1/studies?name={'x' * 5000}").status_code == 414
        assert http.get(f"/{'x' * 5000}").status_code == 414
        assert http.get("/api/v1/studies", headers={"X-Long": "x" * 17_000}).status_code == 431
    assert raw(served, head(served, f"X-Long: {'x' * 100_000}")).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))


def test_a_head_that_does_not_come_is_not_waited_for(storage: str) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, header_seconds=0.2)) as found:
        assert raw(found) == b""
        assert raw(found, b"GET /healthz HTTP/1.1\r\n") == b""
        whole = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{found.port}\r\n\r\n".encode()
        assert raw(found, whole).startswith(b"HTTP/1.1 200 ")
        with socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
            connection.sendall(whole)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Dribble: ")  # the second request of a connection
            while connection.recv(65536):
                pass


def test_a_body_that_does_not_come_is_not_waited_for(storage: str) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, seconds=0.3)) as found:
        assert raw(found, head(found, "Content-Length: 100"), b"cell: x").startswith(b"HTTP/1.1 503 ")


def test_a_refusal_that_is_not_taken_is_not_waited_for() -> None:
    async def app(*_: object) -> None:
        raise AssertionError

    async def nobody(*_: object) -> Any:
        await asyncio.Event().wait()

    scope: dict[str, Any] = {"type": "http", "raw_path": b"/", "query_string": b"", "headers": []}
    limited = Limited(app, ServerLimits(seconds=0.05, burst=0), bool, bool)
    with pytest.raises(ConnectionAbortedError):
        asyncio.run(asyncio.wait_for(limited(scope, nobody, nobody), timeout=10))


def test_a_long_path_takes_little_room_in_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "archsearch.server"), served.http() as http:
        assert http.get(f"/{'x' * 30_000}").status_code == 414
        assert http.get(f"/{'x' * 199}").status_code == 404
        assert http.get("/healthz").status_code == 200  # the line of the one before is written by now
    paths = [record.__dict__["facts"]["path"] for record in caplog.records if record.message == "request"]
    assert paths[:2] == [f"/{'x' * 199}"] * 2


def test_a_client_has_so_many_requests_at_once(storage: str) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, rate=1e-9, burst=3)) as found, found.anonymous() as http:
        answers = [http.get("/healthz") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[-1].headers["retry-after"] == "1"


def test_a_bucket_fills_again_and_each_client_has_its_own() -> None:
    now = 100.0
    buckets = Buckets(rate=2.0, burst=2, clock=lambda: now)
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert buckets.take("b")
    now += 0.6
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    now += 1000
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]


def test_clients_that_are_not_seen_again_take_no_memory() -> None:
    buckets = Buckets(rate=1.0, burst=1)
    for client in range(10_000):
        buckets.take(str(client))
    assert len(buckets._levels) < 5000


def test_without_the_limits_the_same_requests_get_through(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "Limited", lambda app, *_: app)
    few = dataclasses.replace(PLENTY, rate=1e-9, burst=1)
    with serving(storage, limits=few) as found, found.http() as http:
        assert [http.get("/healthz").status_code for _ in range(3)] == [200] * 3
        assert http.get(f"/api/v1/studies?name={'x' * 5000}").status_code == 422  # the parameter's own limit
        assert http.get("/api/v1/studies", headers={"Content-Length": "0"}).status_code == 200
        assert http.request("GET", "/api/v1/studies", content=b"#" * 2_000_000).status_code == 200
