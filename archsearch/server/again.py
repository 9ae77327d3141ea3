"""Answers that need not be made or sent: those that are known already, those that the client has, and those to HEAD."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

from starlette.datastructures import Headers, State
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclasses.dataclass(frozen=True)
class Tagged:
    """The content of an answer, and its ETag."""

    content: bytes
    tag: str

    def answer(self, headers: Headers) -> Response:
        """The response to a request with these headers: 304 where If-None-Match names the tag."""
        if _is_known(self.tag, headers.getlist("if-none-match")):
            return Response(status_code=304, headers={"ETag": self.tag})
        return Response(self.content, media_type="application/json", headers={"ETag": self.tag})


def tagged(content: bytes) -> Tagged:
    """Content with a tag made from it."""
    return Tagged(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _is_known(tag: str, headers: Sequence[str]) -> bool:
    """Whether If-None-Match names this tag; `*` is any, and W/ makes no difference (RFC 9110, 13.1.2)."""
    known = (part.strip().removeprefix("W/") for header in headers for part in header.split(","))
    return any(part in (tag, "*") for part in known)


def target_of(scope: Scope) -> tuple[bytes, bytes]:
    """The address of a request as it was sent."""
    return scope["raw_path"], scope["query_string"]


class Again:
    """Answers GET without the routes where the reader knows a `Tagged` for the address.

    It stands inside all guards. FastAPI takes half of the time of an answer that is known already.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        answer = self._state.reader.known_answer(target_of(scope)) if scope["method"] == "GET" else None
        app = answer.answer(Headers(scope=scope)) if isinstance(answer, Tagged) else self._app
        await app(scope, receive, send)


class Heads:
    """Passes HEAD on as GET, by the same guards, and ends the answer where its body begins.

    The server then tells a stream of events that its client is gone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        ended = False

        async def head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                await send(message)
            elif not ended:
                ended = True
                await send({"type": "http.response.body"})

        await self._app({**scope, "method": "GET"}, receive, head)
