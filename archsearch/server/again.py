"""Boards that are asked for again and again: answered without the way through the routes, which takes long."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

from starlette.datastructures import Headers, State
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclasses.dataclass(frozen=True)
class Tagged:
    """An answer's content, and what tells it from others."""

    content: bytes
    tag: str

    def answer(self, headers: Headers) -> Response:
        """As a response to a request with these headers: 304 where If-None-Match names the tag."""
        if _is_known(self.tag, headers.getlist("if-none-match")):
            return Response(status_code=304, headers={"ETag": self.tag})
        return Response(self.content, media_type="application/json", headers={"ETag": self.tag})


def tagged(content: bytes) -> Tagged:
    """Content with a tag made from it."""
    return Tagged(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _is_known(tag: str, headers: Sequence[str]) -> bool:
    """Whether If-None-Match names this tag; `*` is any, and W/ makes no difference (RFC 9110, 13.1.2)."""
    told = (each.strip().removeprefix("W/") for header in headers for each in header.split(","))
    return any(each in (tag, "*") for each in told)


def target_of(scope: Scope) -> tuple[bytes, bytes]:
    """The address of a request as it was sent."""
    return scope["raw_path"], scope["query_string"]


class Again:
    """Answers GET of an address that was asked for before, as its route would. It stands inside of all guards."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        found = await self._state.reader.again(target_of(scope)) if scope["method"] == "GET" else None
        if isinstance(found, Tagged):
            await found.answer(Headers(scope=scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)
