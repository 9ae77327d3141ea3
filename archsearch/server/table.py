"""Tables of routes: where one is, who may use it, what it answers."""

from __future__ import annotations

import functools
import importlib
import inspect
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archsearch import registry
from archsearch.errors import InvalidInput, Problem
from archsearch.server.access import Access, GuardedRoute
from archsearch.server.problems import MEDIA_TYPE, misnamed

if TYPE_CHECKING:
    from fastapi._compat import ModelField

Endpoint = Callable[..., Awaitable[Any]]

_ALWAYS = (401, 403, 405, 414, 421, 422, 429, 431, 503)
"""Statuses that every route may answer with."""


class Table:
    """The routes of one file, below a common path; without a tag they are not in the OpenAPI document."""

    def __init__(self, prefix: str = "", tag: str = "") -> None:
        self.routes: list[GuardedRoute] = []
        self._prefix = prefix
        self._tag = tag

    def add(
        self,
        method: str,
        path: str,
        access: Access,
        errors: tuple[int, ...] = (),
        document: type | None = None,
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Enter the function below as the endpoint of a path.

        errors: statuses besides the usual ones; document: what is answered, where the endpoint returns a response;
        options: further ones of FastAPI's routes.
        """

        def enter(endpoint: Endpoint) -> Endpoint:
            route = GuardedRoute(
                self._prefix + path,
                _answering(endpoint, options.get("status_code", 200)),
                methods=[method],
                dependencies=[Depends(check_parameters)],
                response_model=document or _document(endpoint),
                tags=[self._tag],
                responses={status: _error(status) for status in sorted({*_ALWAYS, *errors})},
                summary=(inspect.getdoc(endpoint) or "").partition("\n")[0],
                **{"include_in_schema": bool(self._tag)} | options,
            )
            route.access = access
            self.routes.append(route)
            return endpoint

        return enter

    def get(self, path: str, errors: tuple[int, ...] = (404, 409), **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Enter a reading route, for which the token is needed."""
        return self.add("GET", path, "token", errors, **options)


def mount(app: FastAPI, package: str, *, read_only: bool) -> None:
    """Add the routes of all files of a package to the app; to a read-only server's only those that read."""
    for name in registry.names(package):
        table: Table = importlib.import_module(f"{package}.{name}").ROUTES
        app.router.routes += [route for route in table.routes if not read_only or route.methods == {"GET"}]


def _document(endpoint: Endpoint) -> Any:
    """The type of an endpoint's answer, for the OpenAPI document; None where it makes a response itself."""
    answer = get_type_hints(endpoint)["return"]
    return None if inspect.isclass(answer) and issubclass(answer, Response) else answer


def _error(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}


def _answering(endpoint: Endpoint, status: int) -> Endpoint:
    """The endpoint with its document as JSON: in ASCII, so that no text in a database can be unfit for an answer."""

    @functools.wraps(endpoint)
    async def answer(*arguments: Any, **named: Any) -> Response:
        result = await endpoint(*arguments, **named)
        if isinstance(result, Response):
            return result
        return Response(json_bytes(result), status, media_type="application/json")

    return answer


def json_bytes(document: Any) -> bytes:
    """A dataclass as JSON."""
    return json.dumps(document, default=vars, allow_nan=False, separators=(",", ":")).encode()


def _is_list(field: ModelField) -> bool:
    """Whether a parameter is meant to be given more than once."""
    annotation = field.field_info.annotation
    return any(get_origin(part) is list for part in (annotation, *get_args(annotation)))


async def check_parameters(request: Request) -> None:
    """Raise `InvalidInput` for a parameter that the route does not know, or that is given twice and meant once."""
    known = {field.alias: field for field in request.scope["route"].dependant.query_params}
    given = request.query_params.multi_items()
    lists = [name for name, field in known.items() if _is_list(field)]
    problems = misnamed("query", "parameter", [name for name, _ in given], known, lists)
    problems += [Problem(("query", name), "contains a NUL") for name, value in given if "\0" in value]
    if problems:
        raise InvalidInput(problems)
