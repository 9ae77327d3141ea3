"""Which addresses a request may come by: its Host header against DNS rebinding, its Origin against other sites."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from archsearch.server.problems import problem

_ORIGIN = re.compile(r"(https?)://([^/\s]+)")


class Origins:
    """Answers only to its own names, and to no page of another site.

    To a name in `encrypted`, which stands for a proxy with TLS, no page that came without TLS belongs.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], encrypted: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts | encrypted
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        headers = Headers(scope=scope)
        if not self._is_ours(headers.getlist("host")):
            await problem(421, "this server does not answer to this Host")(scope, receive, send)
        elif not self._is_same_site(headers, scope["method"]):
            await problem(403, "requests from pages of other sites are not served")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, names: list[str]) -> bool:
        return len(names) == 1 and names[0].lower() in self._hosts

    def _is_same_site(self, headers: Headers, method: str) -> bool:
        for origin in headers.getlist("origin"):
            match = _ORIGIN.fullmatch(origin.lower())
            host = headers["host"].lower()
            if match is None or match[2] != host or (match[1] == "http" and host in self._encrypted):
                return False
        # What browsers say of their own accord; a link that somebody follows is a navigation, and so is a form.
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return not foreign or (headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD"))
