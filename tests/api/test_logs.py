"""The outermost layer of a request."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from archsearch.server.logs import Logged

SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": None}


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def answer_to(begun: bool) -> list[Message]:
    """What a request is told whose work is cancelled, before or after its answer has begun; the rest goes on up."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Logged(app)(SCOPE, receive, send))
    return sent


def test_what_a_stopping_server_does_not_wait_for_is_503() -> None:
    start, body = answer_to(begun=False)
    assert start["status"] == 503
    assert (b"connection", b"close") in start["headers"]
    assert b"the server is being stopped" in body["body"]


def test_an_answer_that_has_begun_gets_no_second_one() -> None:
    assert [message["type"] for message in answer_to(begun=True)] == ["http.response.start"]
