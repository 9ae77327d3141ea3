"""HTTP on one connection, with limits on how long a request may take to arrive and how much may come before it has."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from archsearch.api.logs import HEADERS
from archsearch.api.problems import problem


class Bounded(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 on llhttp, which knows no bounds: it would collect a head or a trailer that never ends.

    Subclasses set the bounds. A connection on which no request arrives in time is closed.
    """

    seconds: ClassVar[float]
    """For the head of a request to arrive."""
    most: ClassVar[int]
    """Bytes that may come before a head is complete, or after it without being a part of a body."""

    _deadline: asyncio.TimerHandle | None = None
    _unread = 0

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._waited()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, unless too much has of which nothing can be made."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > self.most and not self.transport.is_closing():
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Begin with the request."""
        self._unread = 0
        super().on_headers_complete()
        self._waited()

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

    def send_400_response(self, msg: str) -> None:
        """Say what every answer says in words of ours, if no other answer has begun; and end the connection."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            answer = problem(400, headers={**HEADERS, "Connection": "close"})
            head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + bytes(answer.body))
        self.transport.close()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.seconds, self.timeout_keep_alive_handler)

    def _waited(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def bounded(seconds: float, most: int) -> type[Bounded]:
    """HTTP with these bounds."""
    return type("Bounded", (Bounded,), {"seconds": seconds, "most": most})
