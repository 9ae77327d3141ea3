"""How much a client may send, how often, and how long an answer may take."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archsearch.server.problems import Declined, problem
from archsearch.server.settings import Limits

_MOST_CLIENTS = 4096
_STREAM = "text/event-stream"
_Judge = Callable[[Scope], bool]


class Buckets:
    """A token bucket per client, in memory; those that have not been seen for longest are forgotten."""

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
    """Refuses what is too large, too often or too slow.

    is_known: whether a request shows the token. Clients that do have buckets of their own: others of the same address,
        that of a proxy or of this machine, do not empty them.
    admit: keeps the connection of such a request; False if too many are kept already.
    """

    def __init__(self, app: ASGIApp, limits: Limits, is_known: _Judge, admit: _Judge) -> None:
        self._app = app
        self._limits = limits
        self._is_known = is_known
        self._admit = admit
        self._buckets = {known: Buckets(limits.rate, limits.burst) for known in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            await _Timed(self._judge, self._limits.seconds)(scope, receive, send)
        except TimeoutError:
            await problem(503, "this took too long", headers={"Connection": "close"})(scope, receive, send)

    async def _judge(self, scope: Scope, receive: Receive, send: Send) -> None:
        declined = self._decline(scope)
        if declined is None:
            await self._app(scope, self._counted(receive), send)
        else:
            await problem(declined.status, declined.detail, headers=declined.headers)(scope, receive, send)

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
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isascii() or not said.isdigit():
            return Declined(400, headers={"Connection": "close"})
        return self._too_large() if len(said) > 18 or int(said) > limits.body else None

    def _too_large(self) -> Declined:
        return Declined(413, f"a body has at most {self._limits.body} bytes", {"Connection": "close"})

    def _counted(self, receive: Receive) -> Receive:
        """Counts what arrives, whatever the headers say."""
        arrived = 0

        async def count() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._limits.body:
                raise self._too_large()
            return message

        return count


class _Timed:
    """Ends an answer that takes too long; a stream of events may last."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        started = False
        async with asyncio.timeout(self._seconds) as limit:

            async def watch(message: Message) -> None:
                nonlocal started
                if message["type"] == "http.response.start":
                    started = True
                    if Headers(raw=message["headers"]).get("content-type", "").startswith(_STREAM):
                        limit.reschedule(None)
                await send(message)

            try:
                await self._app(scope, receive, watch)
            except asyncio.CancelledError:
                if started and limit.expired():
                    raise ConnectionAbortedError("the answer took too long to send") from None
                raise
