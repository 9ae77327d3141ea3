"""Structured logs, and the outermost layer: a request's id and line in the log, and the headers of its answer."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archsearch.errors import hide_passwords
from archsearch.server.problems import problem

LOG = logging.getLogger("archsearch.server")
REQUEST = "archsearch.request"
"""The key of a request's id in its scope."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers of every answer that does not set them itself."""

_RAW_HEADERS = [(header.lower().encode(), value.encode()) for header, value in HEADERS.items()]

GONE = 499
"""The status that the log says of a request whose client went away before it was answered; it is not sent."""

_LONGEST_PATH = 200
_CLOSE = {"Connection": "close"}
_ENCODER = json.JSONEncoder(default=str)
_LEVELS = {"archsearch.server": logging.INFO, "archsearch.runner": logging.INFO, "uvicorn": logging.WARNING}


class JsonLines(logging.Formatter):
    """One JSON object per line, in ASCII; `extra={"facts": {...}}` adds keys."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["trace"] = hide_passwords(self.formatException(record.exc_info))
        return _ENCODER.encode(line)


def start_logging(stream: TextIO | None = None) -> None:
    """Send the server's log to `stream` (stderr by default), as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class Logged:
    """Gives each request an id and a line in the log, and its answer the headers that every answer has.

    An error that reaches this layer becomes a 500 that names the id; the log has the trace.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        began = time.monotonic()
        name = scope[REQUEST] = secrets.token_hex(8)
        status, whole, gone = 0, False, False

        async def heed() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or (message["type"] == "http.disconnect" and not status)
            return message

        async def complete(message: Message) -> None:
            nonlocal status, whole
            if message["type"] == "http.response.start":
                status = GONE if gone else message["status"]
                headers = list(message.get("headers", ()))
                said = {header for header, _ in headers}
                headers += [(header, value) for header, value in _RAW_HEADERS if header not in said]
                message["headers"] = [*headers, (b"x-request-id", name.encode())]
            await send(message)
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._app(scope, heed, complete)
        except ConnectionAbortedError:  # the client did not take its answer in time; the server ends the connection
            pass
        except Exception as error:
            if gone:
                status = GONE
            elif not status:
                await unexpected(scope, error)(scope, receive, complete)
            elif not whole:
                unexpected(scope, error)
                raise  # the answer has begun: all that is left is to end the connection
        except asyncio.CancelledError:  # the server stops and waits no longer
            if not status:
                await problem(503, "the server is being stopped", headers=_CLOSE)(scope, receive, complete)
            raise
        finally:
            _log_request(scope, name, status, began)


def unexpected(scope: Scope, error: Exception) -> Response:
    """Log an unexpected error with its trace; the answer for it, which has none."""
    name = scope.get(REQUEST)
    LOG.error("unexpected error", exc_info=error, extra={"facts": {"request": name, "error": type(error).__name__}})
    return problem(500, "something went wrong; the server's log has more", request=name)


def _log_request(scope: Scope, name: str, status: int, began: float) -> None:
    """Log a request without its query and headers, which may hold the token."""
    facts = {
        "request": name,
        "method": scope["method"],
        "path": scope["path"][:_LONGEST_PATH],
        "status": status,
        "milliseconds": round((time.monotonic() - began) * 1000, 1),
        "client": scope["client"][0] if scope.get("client") else "",
    }
    if LOG.isEnabledFor(logging.INFO):  # not `LOG.info`: it looks for the caller's file and line, which no log shows
        LOG.handle(LOG.makeRecord(LOG.name, logging.INFO, "", 0, "request", (), None, extra={"facts": facts}))
