"""HEAD: what GET would answer, without the body."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Asks for HEAD as for GET, by the same guards; an answer that has more to say after its first piece is ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = asyncio.Event()

        async def head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif not begun.is_set():
                await send({"type": "http.response.body"})
                if message.get("more_body", False):  # a stream of events would go on for as long as its study
                    begun.set()

        async def get() -> None:
            await self._app({**scope, "method": "GET"}, receive, head)

        answer, enough = asyncio.create_task(get()), asyncio.create_task(begun.wait())
        try:
            await asyncio.wait((answer, enough), return_when=asyncio.FIRST_COMPLETED)
        finally:
            enough.cancel()
            answer.cancel()
            await asyncio.wait((answer, enough))
        if not answer.cancelled() and (error := answer.exception()) is not None:
            raise error
