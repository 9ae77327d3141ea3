"""Limits on what a client sends, how often it asks, and how long an answer takes."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archsearch.server.problems import Declined, problem
from archsearch.server.settings import ServerLimits

_MOST_CLIENTS = 4096
_STREAM = "text/event-stream"
_Judge = Callable[[Scope], bool]


class Buckets:
    """A token bucket per client, in memory; of too many, the clients that asked least recently are forgotten."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> bool:
        """Whether this client may have one more request now."""
        now = self._clock()
        level, since = self._levels.pop(client, (float(self._burst), now))
        level = min(float(self._burst), level + (now - since) * self._rate)
        allowed = level >= 1
        self._levels[client] = (level - allowed, now)
        if len(self._levels) > _MOST_CLIENTS:
            self._levels.popitem(last=False)
        return allowed


class Limited:
    """Refuses requests that are too large, too many or too slow.

    is_known: whether a request shows the token. Clients that show it have buckets of their own, which other clients of
        the same address, that of a proxy or of this machine, do not empty.
    admit: keeps the connection of such a request; False if too many are kept already.
    """

    def __init__(self, app: ASGIApp, limits: ServerLimits, is_known: _Judge, admit: _Judge) -> None:
        self._app = app
        self._limits = limits
        self._is_known = is_known
        self._admit = admit
        self._buckets = {known: Buckets(limits.rate, limits.burst) for known in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            await self._answer_in_time(scope, receive, send)
        except TimeoutError:
            await problem(503, "this took too long", headers={"Connection": "close"})(scope, receive, send)

    async def _answer_in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End an answer that takes too long; a stream of events may last."""
        started = False
        async with asyncio.timeout(self._limits.seconds) as limit:

            async def watch(message: Message) -> None:
                nonlocal started
                if message["type"] == "http.response.start":
                    started = True
                    if Headers(raw=message["headers"]).get("content-type", "").startswith(_STREAM):
                        limit.reschedule(None)
                await send(message)

            try:
                declined = self._decline(scope)
                if declined is None:
                    await self._app(scope, self._counted(receive), watch)
                else:
                    await problem(declined.status, declined.detail, headers=declined.headers)(scope, receive, watch)
            except asyncio.CancelledError:
                if started and limit.expired():
                    raise ConnectionAbortedError("the answer took too long to send") from None
                raise

    def _decline(self, scope: Scope) -> Declined | None:
        limits = self._limits
        client = scope["client"][0] if scope.get("client") else ""
        known = self._is_known(scope)
        if known and not self._admit(scope):
            return Declined(503, "too many connections are open", {"Retry-After": "1", "Connection": "close"})
        if not self._buckets[known].take(client):
            return Declined(429, "too many requests", {"Retry-After": "1"})
        if len(scope["query_string"]) + len(scope["raw_path"]) > limits.query:
            return Declined(414, f"an address has at most {limits.query} characters")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > limits.headers:
            return Declined(431, f"headers have at most {limits.headers} bytes")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return Declined(400, headers={"Connection": "close"})
        return self._too_large() if len(length) > 18 or int(length) > limits.body else None

    def _too_large(self) -> Declined:
        return Declined(413, f"a body has at most {self._limits.body} bytes", {"Connection": "close"})

    def _counted(self, receive: Receive) -> Receive:
        """Count the bytes that arrive, whatever the headers say."""
        arrived = 0

        async def count() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._limits.body:
                raise self._too_large()
            return message

        return count
