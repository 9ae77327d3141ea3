"""HTTP on one connection, with limits on what a client sends, how long it takes, and how long it leaves an answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from archsearch.server.connections import Connections
from archsearch.server.logs import HEADERS
from archsearch.server.problems import problem
from archsearch.server.settings import ServerLimits

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: bytes that the client has not received are discarded, by the operating system as well."""


class TooManyRequests(Exception):
    """The connection has more pipelined requests than allowed; asyncio then closes it."""


class Bounded(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 on llhttp, which has no bounds: it would collect a head or a trailer that never ends.

    Subclasses set the bounds. A connection on which no request arrives in time is closed. One whose client does not
    receive what it is sent is aborted: closing would wait for the client, and so would the task that answers it.
    """

    limits: ClassVar[ServerLimits]
    counted: ClassVar[Connections]

    _deadline: asyncio.TimerHandle | None = None
    _unread = 0
    _answering: RequestResponseCycle | None = None
    _stalled_since: float | None = None
    """When the client was first seen not to receive what it was sent (monotonic seconds), or None."""

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self.counted.opened(transport)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the deadline, and tell the request that is being answered: uvicorn tells the latest one."""
        self._cancel_deadline()
        self.counted.closed(self.transport)
        super().connection_lost(exc)
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Parse the bytes, unless there are too many that belong to no request or body."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > 2 * (self.limits.headers + self.limits.query) and not self.transport.is_closing():
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Begin with the request, or queue it behind those that are being answered."""
        self._unread = 0
        super().on_headers_complete()
        self._cancel_deadline()
        if len(self.pipeline) > self.limits.pipelined:
            raise TooManyRequests

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        self._unread = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it has arrived already."""
        self._cancel_deadline()
        if not self.pipeline:
            self._set_deadline()
        super().on_response_complete()

    def resume_writing(self) -> None:
        """Go on: the client has received most of what it was sent."""
        self._stalled_since = None
        super().resume_writing()

    def abort_if_stalled(self, now: float) -> None:
        """Abort the connection if its client has received nothing for too long."""
        if not (self.flow.write_paused or self.transport.is_closing()):
            return
        if self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > self.limits.taking:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem, as the application does, unless another answer has begun, and close the connection."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            answer = problem(400, headers={**HEADERS, "Connection": "close"})
            head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + bytes(answer.body))
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.limits.header_seconds, self.timeout_keep_alive_handler)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def bounded(limits: ServerLimits, connections: Connections) -> type[Bounded]:
    """HTTP with these bounds, on connections that are counted there."""
    return type("Bounded", (Bounded,), {"limits": limits, "counted": connections})
