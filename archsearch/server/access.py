"""Guards: they admit requests that show the token, by a name of the server, and not from a page of another site."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from archsearch.server.problems import problem
from archsearch.server.settings import Settings

Access = Literal["open", "token"]
_ORIGIN = re.compile(r"(https?)://([^/\s]+)")


class GuardedRoute(APIRoute):
    """A route that says which requests it takes: all (`open`), or those that show the token. None until it is said."""

    access: Access | None = None


def cookie_name(port: int) -> str:
    """With the port: browsers send a machine's cookies to all its ports, and servers would overwrite each other's."""
    return f"archsearch-{port}"


def cookie_value(token: str) -> str:
    """The value of the cookie: it admits as the token does, and does not tell the token."""
    return hmac.new(token.encode(), b"archsearch cookie", hashlib.sha256).hexdigest()


class Guard:
    """Lets a request through when its route is open or it shows the token; unknown addresses need the token, too."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], settings: Settings) -> None:
        self._app = app
        self._routes = routes
        self._token = settings.token
        self._cookie = cookie_name(settings.port)
        self._encrypted = settings.encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> ASGIApp:
        route = next((route for route in self._routes if route.matches(scope)[0] == Match.FULL), None)
        access = "token" if route is None else getattr(route, "access", None)
        if access is None:
            return problem(403, "this route does not say who may use it")
        if self._token is not None and _address_tokens(scope):
            return self._enter(scope, self._token) if self.is_known(scope) else self._unauthorized(scope)
        return self._app if access == "open" or self.is_known(scope) else self._unauthorized(scope)

    def is_known(self, scope: Scope) -> bool:
        """Whether a request shows the token, or the server asks for none."""
        if self._token is None:
            return True
        tokens = _address_tokens(scope)
        if tokens:
            return len(tokens) == 1 and _is_same(tokens[0], self._token)
        headers = Headers(scope=scope)
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _is_same(credentials.strip(), self._token):
            return True
        return any(_is_same(value, cookie_value(self._token)) for value in _cookies(headers, self._cookie))

    def _unauthorized(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        shown = _address_tokens(scope) or headers.get("authorization") or [*_cookies(headers, self._cookie)]
        detail = "the token is not valid: open the link that the server printed at its last start" if shown else ""
        return problem(401, detail, headers={"WWW-Authenticate": "Bearer"})

    def _enter(self, scope: Scope, token: str) -> Response:
        """Set the cookie, and redirect to the same address without the token."""
        query = urlencode([(key, value) for key, value in _parameters(scope) if key != "token"])
        # One slash: a path that begins with two would lead to another host.
        path = "/" + quote(scope["path"].lstrip("/\\"), safe="/-._~")
        response = Response(status_code=303, headers={"Location": f"{path}?{query}" if query else path})
        secure = Headers(scope=scope).get("host", "").lower() in self._encrypted
        response.set_cookie(self._cookie, cookie_value(token), httponly=True, samesite="strict", secure=secure)
        return response


class SiteGuard:
    """Lets a request through by its Host header, against DNS rebinding, and by its Origin, against other sites.

    A name in `encrypted` is that of a proxy with TLS: pages that came without TLS are of another site.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], encrypted: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts | encrypted
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        headers = Headers(scope=scope)
        names = headers.getlist("host")
        app = self._app
        if len(names) != 1 or names[0].lower() not in self._hosts:
            app = problem(421, "this server does not answer to this Host")
        elif not self._is_same_site(headers, scope["method"]):
            app = problem(403, "requests from pages of other sites are not served")
        await app(scope, receive, send)

    def _is_same_site(self, headers: Headers, method: str) -> bool:
        host = headers["host"].lower()
        for origin in headers.getlist("origin"):
            match = _ORIGIN.fullmatch(origin.lower())
            if match is None or match[2] != host or (match[1] == "http" and host in self._encrypted):
                return False
        # Browsers say this of their own accord; a link that a user follows is a navigation, and so is a form.
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return not foreign or (headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD"))


def _is_same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())


def _parameters(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _address_tokens(scope: Scope) -> list[str]:
    """Tokens in the address, which count with GET alone."""
    return [value for key, value in _parameters(scope) if key == "token" and scope["method"] == "GET"]


def _cookies(headers: Headers, name: str) -> Iterator[str]:
    """All cookies of this name: another server of this machine may have set a second one."""
    for text in headers.getlist("cookie"):
        for pair in text.split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                yield value
