"""HTTP on one connection, with limits on what may come, how long it may take, and how long an answer may lie there."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from archsearch.server.connections import Connections
from archsearch.server.logs import HEADERS
from archsearch.server.problems import problem
from archsearch.server.settings import Limits

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: what the peer has not taken is thrown away, by the machine as well."""


class TooMany(Exception):
    """More requests at once than a connection may have; reading ends there."""


class Bounded(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 on llhttp, which knows no bounds: it would collect a head or a trailer that never ends.

    Subclasses set the bounds. A connection on which no request arrives in time is closed, and one whose client does not
    take what it is sent is cut off: closing waits for the client, and so does whoever answers it.
    """

    limits: ClassVar[Limits]
    open: ClassVar[Connections]

    _deadline: asyncio.TimerHandle | None = None
    _unread = 0
    _answering: RequestResponseCycle | None = None
    _untaken: float | None = None
    """Since when the client has been seen not to take what it was sent."""

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self.open.opened(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more, and let nobody: uvicorn tells the last request, which may not be answered yet."""
        self._waited()
        self.open.closed(self.transport)
        super().connection_lost(exc)
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Take what has come, unless too much has of which nothing can be made."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > 2 * (self.limits.headers + self.limits.query) and not self.transport.is_closing():
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Begin with the request, or let it wait for the answers to those before it; `TooMany` ends the connection."""
        self._unread = 0
        super().on_headers_complete()
        self._waited()
        if len(self.pipeline) > self.limits.pipelined:
            raise TooMany

    def on_body(self, body: bytes) -> None:
        """Hand on a part of the body."""
        self._unread = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Wait for the next request, if it is not there already."""
        self._waited()
        if not self.pipeline:
            self._wait()
        super().on_response_complete()

    def resume_writing(self) -> None:
        """Go on: the client has taken most of what it was sent."""
        self._untaken = None
        super().resume_writing()

    def look(self, now: float) -> None:
        """Cut the client off if it has not taken what it was sent for too long, whoever waits for that."""
        if not (self.flow.write_paused or self.transport.is_closing()):
            return
        if self._untaken is None:
            self._untaken = now
        elif now - self._untaken > self.limits.taking:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Say what every answer says in words of ours, if no other answer has begun; and end the connection."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            answer = problem(400, headers={**HEADERS, "Connection": "close"})
            head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + bytes(answer.body))
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.limits.header_seconds, self.timeout_keep_alive_handler)

    def _waited(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def bounded(limits: Limits, connections: Connections) -> type[Bounded]:
    """HTTP with these bounds, on connections that are counted there."""
    return type("Bounded", (Bounded,), {"limits": limits, "open": connections})
