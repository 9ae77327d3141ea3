"""Tables of routes: where one is, who may use it, what it answers."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archsearch.errors import InvalidInput, Problem, one_of
from archsearch.server.access import Access, GuardedRoute
from archsearch.server.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi._compat import ModelField

Endpoint = Callable[..., Awaitable[Any]]

_ALWAYS = (401, 403, 405, 414, 421, 422, 429, 431, 503)
"""Statuses that every route may answer with."""

_TITLES = {
    400: "The request cannot be understood", 401: "A token is needed", 403: "A page of another site asks",
    404: "Not there", 405: "Another method is needed", 409: "Not possible as things stand", 413: "Too large",
    414: "The address is too long", 415: "Another kind of text is needed", 421: "Another Host is needed",
    422: "Bad input", 429: "Too many requests", 431: "The headers are too large", 503: "Not now",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Entry:
    """One route."""

    method: str
    path: str
    access: Access
    endpoint: Endpoint
    errors: tuple[int, ...]
    extra: dict[str, Any]
    document: type | None = None
    """What it answers, where its function gives a response that is made already."""


class Table:
    """The routes of one file, below a common path."""

    def __init__(self, prefix: str = "", tag: str = "") -> None:
        self.prefix = prefix
        self.tag = tag
        self.entries: list[Entry] = []

    def add(
        self,
        method: str,
        path: str,
        access: Access,
        errors: tuple[int, ...] = (),
        document: type | None = None,
        **extra: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Enter the function below as the endpoint of a path. `errors` are statuses besides the usual ones."""

        def enter(endpoint: Endpoint) -> Endpoint:
            self.entries.append(Entry(method, path, access, endpoint, errors, extra, document))
            return endpoint

        return enter

    def get(self, path: str, errors: tuple[int, ...] = (404, 409), **extra: Any) -> Callable[[Endpoint], Endpoint]:
        """Enter a reading route, for which the token is needed."""
        return self.add("GET", path, "token", errors, **extra)


def mount(app: FastAPI, table: Table, *, read_only: bool) -> None:
    """Add a table's routes to the app; of a read-only server only those that read."""
    for entry in table.entries:
        if read_only and entry.method != "GET":
            continue
        app.router.add_api_route(
            table.prefix + entry.path,
            _answering(entry.endpoint, entry.extra.get("status_code", 200)),
            methods=[entry.method],
            route_class_override=GuardedRoute,
            dependencies=[Depends(check_parameters)],
            response_model=entry.document or _document(entry.endpoint),
            tags=[table.tag],
            responses={status: _error(status) for status in sorted({*_ALWAYS, *entry.errors})},
            summary=(inspect.getdoc(entry.endpoint) or "").partition("\n")[0],
            **entry.extra,
        )
        route = app.router.routes[-1]
        assert isinstance(route, GuardedRoute)
        route.access = entry.access


def _document(endpoint: Endpoint) -> Any:
    """What an endpoint answers, for the OpenAPI document; None for a response of its own making."""
    answer = get_type_hints(endpoint)["return"]
    return None if inspect.isclass(answer) and issubclass(answer, Response) else answer


def _error(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": _TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}}


def _answering(endpoint: Endpoint, status: int) -> Endpoint:
    """The endpoint with its document as JSON: in ASCII, so that no text in a database can be unfit for an answer."""

    @functools.wraps(endpoint)
    async def answer(*arguments: Any, **named: Any) -> Response:
        found = await endpoint(*arguments, **named)
        return found if isinstance(found, Response) else json_answer(found, status)

    return answer


def json_answer(document: Any, status: int = 200) -> Response:
    """A dataclass as an answer."""
    return Response(json_bytes(document), status, media_type="application/json")


def json_bytes(document: Any) -> bytes:
    """A dataclass as JSON."""
    return json.dumps(document, default=vars, allow_nan=False, separators=(",", ":")).encode()


def _is_list(field: ModelField) -> bool:
    """Whether a parameter is meant to be given more than once."""
    annotation = field.field_info.annotation
    return any(get_origin(each) is list for each in (annotation, *get_args(annotation)))


async def check_parameters(request: Request) -> None:
    """Raise `InvalidInput` for a parameter that the route does not know, or that is given twice and meant once."""
    dependant = request.scope["route"].dependant
    known = {field.alias: field for field in dependant.query_params}
    given = [key for key, _ in request.query_params.multi_items()]
    unknown = [key for key in dict.fromkeys(given) if key not in known]
    found = [Problem(("query", key), "unknown parameter", one_of(known, key)) for key in unknown]
    found += [
        Problem(("query", key), "is given more than once")
        for key in known
        if given.count(key) > 1 and not _is_list(known[key])
    ]
    for key, value in request.query_params.multi_items():
        if "\0" in value:
            found.append(Problem(("query", key), "contains a NUL"))
    if found:
        raise InvalidInput(found)
