"""Each limit to the byte, request and second: what just fits passes, and one more does not."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import json
from typing import Any

import pytest

from archsearch.server import limits
from archsearch.server.limits import Buckets, Limited
from archsearch.server.settings import ServerLimits

LIMITS = ServerLimits(body=100, query=50, headers=60, rate=1e-9, burst=5, seconds=60.0)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body, then answers with its length."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message["body"])
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-size", str(size).encode())]})
    await send({"type": "http.response.body", "body": b""})


def make_limited() -> Limited:
    """The middleware, for clients without a token."""
    return Limited(application, LIMITS, lambda scope: False, lambda scope: True)


def ask(
    limited: Limited | None = None,
    *,
    path: bytes = b"/",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    body: tuple[bytes, ...] = (b"",),
    client: tuple[str, int] | None = ("192.0.2.1", 1),
) -> tuple[int, dict[str, Any]]:
    """Status and problem of one request, straight to the middleware."""
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "raw_path": path, "query_string": query, "headers": list(headers),
        "client": client,
    }  # fmt: skip
    pieces = iter(body)
    left = len(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": next(pieces), "more_body": left > 0}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run((limited or make_limited())(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"] or b"{}")


@pytest.mark.parametrize(("path", "query"), [(50, 0), (1, 49), (20, 30)])
def test_path_and_query_have_so_many_characters_together(path: int, query: int) -> None:
    fitting = {"path": b"/" * path, "query": b"q" * query}
    assert ask(**fitting)[0] == 200  # type: ignore[arg-type]
    status, problem = ask(path=b"/" * path, query=b"q" * (query + 1))
    assert (status, problem["detail"]) == (414, "an address has at most 50 characters")


def test_headers_have_so_many_bytes_names_and_values_together() -> None:
    assert ask(headers=((b"x" * 10, b"y" * 20), (b"z" * 30, b"")))[0] == 200
    status, problem = ask(headers=((b"x" * 10, b"y" * 20), (b"z" * 30, b"1")))
    assert (status, problem["detail"]) == (431, "headers have at most 60 bytes")


def test_a_declared_body_has_so_many_bytes() -> None:
    def said(length: int) -> tuple[tuple[bytes, bytes], ...]:
        return ((b"content-length", str(length).encode()),)

    assert ask(headers=said(100))[0] == 200
    status, problem = ask(headers=said(101))
    assert (status, problem["detail"]) == (413, "a body has at most 100 bytes")


@pytest.mark.parametrize("pieces", [1, 4, 10])
def test_what_arrives_has_so_many_bytes_whatever_is_declared(pieces: int) -> None:
    body = (b"#" * (100 // pieces),) * pieces
    assert ask(body=body)[0] == 200
    with pytest.raises(Exception, match="a body has at most 100 bytes") as error:
        ask(body=(*body, b"#"))
    assert error.value.status == 413  # type: ignore[attr-defined]


def test_a_client_has_exactly_its_burst_and_others_theirs() -> None:
    limited = make_limited()
    assert [ask(limited)[0] for _ in range(7)] == [200] * 5 + [429] * 2
    assert ask(limited, client=("192.0.2.2", 1))[0] == 200
    assert ask(limited, client=("192.0.2.1", 2))[0] == 429, "a client is an address, whatever its port"


def test_a_bucket_fills_at_its_rate_and_no_further_than_its_burst() -> None:
    now = 0.0
    buckets = Buckets(rate=4.0, burst=3, clock=lambda: now)
    assert [buckets.take("a") for _ in range(4)] == [True] * 3 + [False]
    for _ in range(10):
        now += 0.25
        assert [buckets.take("a") for _ in range(2)] == [True, False]
    now += 0.125
    assert not buckets.take("a")
    now += 0.125
    assert buckets.take("a")
    now += 1e6
    assert [buckets.take("a") for _ in range(4)] == [True] * 3 + [False]


def test_a_server_fills_its_buckets_at_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(limits, "Buckets", functools.partial(Buckets, clock=lambda: now))
    limited = Limited(application, dataclasses.replace(LIMITS, rate=0.5, burst=2), bool, bool)
    assert [ask(limited)[0] for _ in range(3)] == [200, 200, 429]
    now = 1.75
    assert ask(limited)[0] == 429
    now = 2.0
    assert [ask(limited)[0] for _ in range(2)] == [200, 429]


def test_the_clients_seen_last_are_remembered() -> None:
    buckets = Buckets(rate=1e-9, burst=1)
    clients = [str(number) for number in range(4096)]
    assert all(buckets.take(client) for client in clients)
    assert not any(buckets.take(client) for client in clients), "each is remembered"
    assert buckets.take("one more")
    assert buckets.take(clients[0]), "the one not seen for longest is forgotten"
    assert not buckets.take(clients[2])


def test_an_answer_may_take_the_seconds_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []
    timeout = asyncio.timeout

    def noted(delay: float | None) -> asyncio.Timeout:
        asked.append(delay)
        return timeout(delay)

    monkeypatch.setattr(asyncio, "timeout", noted)
    assert ask()[0] == 200
    assert asked == [60.0]


def test_the_limits_of_a_server_are_those_that_the_documentation_states() -> None:
    usual = ServerLimits()
    assert (usual.body, usual.query, usual.headers) == (1024 * 1024, 4 * 1024, 16 * 1024)
    assert (usual.rate, usual.burst, usual.seconds, usual.header_seconds) == (200, 800, 60, 10)
