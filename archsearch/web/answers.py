"""Pages as answers: their headers, and errors as pages for readers in a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archsearch.errors import Refused
from archsearch.server.logs import LOG
from archsearch.server.problems import MEDIA_TYPE, Declined
from archsearch.store import Unavailable
from archsearch.web.rendering import render

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of pages: nothing inline, nothing from elsewhere."""

# With no-referrer, browsers would send `Origin: null` with our own forms, as other sites can.
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}


def page(template: str, status: int = 200, **context: object) -> HTMLResponse:
    """A template as an answer."""
    return HTMLResponse(render(template, **context), status, headers=_HEADERS)


def refusal(error: Refused | Declined) -> str:
    """What a refusal says, for a page that goes on without; raises the error of a database that does not answer."""
    if isinstance(error, Unavailable):
        raise error
    return str(error)


def page_in_parts(first: str, rest: Callable[[], Awaitable[str]]) -> StreamingResponse:
    """A page whose first part is sent while the rest is being made; where that is refused, the page says so."""

    async def parts() -> AsyncIterator[str]:
        yield first
        try:
            yield await rest()
        except Refused as error:
            LOG.warning("half a page", extra={"facts": {"reason": type(error).__name__}})
            yield render("half.html", reason=str(error))

    return StreamingResponse(parts(), headers=_HEADERS, media_type="text/html")


class Readable:
    """Gives errors as pages instead of problem+json, outside of the API and to clients that ask for HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        accepted = Headers(scope=scope).get("accept", "")
        if scope["path"].startswith("/api/") or "text/html" not in accepted:
            await self._app(scope, receive, send)
            return
        start: MutableMapping[str, Any] | None = None  # of a problem
        body = bytearray()

        async def translate(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                    start = message
                    return
            elif start is not None:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await error_page(json.loads(body), Headers(raw=start["headers"]))(scope, receive, send)
                return
            await send(message)

        await self._app(scope, receive, translate)


def error_page(problem: dict[str, Any], headers: Headers) -> HTMLResponse:
    """A problem document as a page, with those of its headers that tell a client what to do."""
    kept = {name: headers[name] for name in ("www-authenticate", "retry-after", "connection") if name in headers}
    answer = page("error.html", int(problem["status"]), problem=problem)
    answer.headers.update(kept)
    return answer
