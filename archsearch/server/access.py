"""Who may use a route: every one says so, and the guard keeps out whoever has no token."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
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


class GuardedRoute(APIRoute):
    """A route that says who may use it: anybody (`open`), or whoever has the token. Nobody until it is said."""

    access: Access | None = None


def cookie_name(port: int) -> str:
    """Cookies do not tell ports apart: servers of one machine would overwrite each other's, and all of them get it."""
    return f"archsearch-{port}"


def cookie_value(token: str) -> str:
    """What the cookie holds: as good as the token in a cookie, but without telling it."""
    return hmac.new(token.encode(), b"archsearch cookie", hashlib.sha256).hexdigest()


class Guard:
    """Lets a request through when its route is open to it. An address that does not exist needs the token as well."""

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
        route = find_route(self._routes, scope)
        if route is not None and route.access is None:
            return problem(403, "this route does not say who may use it")
        if self._token is None:
            return self._app
        if _tokens(scope):
            return self._enter(scope, self._token) if self.is_known(scope) else _unauthorized()
        return self._app if (route is not None and route.access == "open") or self.is_known(scope) else _unauthorized()

    def is_known(self, scope: Scope) -> bool:
        """Whether a request shows the token, or the server asks for none."""
        if self._token is None:
            return True
        given = _tokens(scope)
        if given:
            return len(given) == 1 and _same(given[0], self._token)
        headers = Headers(scope=scope)
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(credentials.strip(), self._token):
            return True
        return any(_same(value, cookie_value(self._token)) for value in _cookies(headers, self._cookie))

    def _enter(self, scope: Scope, token: str) -> Response:
        """Set the cookie, and lead to the same address without the token."""
        rest = urlencode([(key, value) for key, value in _parameters(scope) if key != "token"])
        # One slash: a path that begins with two would lead to another host.
        path = "/" + quote(scope["path"].lstrip("/\\"), safe="/-._~")
        response = Response(status_code=303, headers={"Location": f"{path}?{rest}" if rest else path})
        secure = Headers(scope=scope).get("host", "").lower() in self._encrypted
        response.set_cookie(self._cookie, cookie_value(token), httponly=True, samesite="strict", secure=secure)
        return response


def find_route(routes: Iterable[BaseRoute], scope: Scope) -> GuardedRoute | None:
    """The route that takes this path and method; one that says nothing about access counts as guarded."""
    for route in routes:
        if route.matches(scope)[0] == Match.FULL:
            return route if isinstance(route, GuardedRoute) else GuardedRoute(scope["path"], _nothing)
    return None


async def _nothing() -> None:
    """What stands for a route of another kind."""


def _unauthorized() -> Response:
    return problem(401, headers={"WWW-Authenticate": "Bearer"})


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())


def _parameters(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _tokens(scope: Scope) -> list[str]:
    """Tokens in the address, which count with GET alone."""
    return [value for key, value in _parameters(scope) if key == "token" and scope["method"] == "GET"]


def _cookies(headers: Headers, name: str) -> Iterable[str]:
    for text in headers.getlist("cookie"):
        for pair in text.split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                yield value
