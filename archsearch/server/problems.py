"""Errors as `application/problem+json`: in our own words, without paths, SQL or traces."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from archsearch.errors import InvalidInput, Problem, Refused, one_of
from archsearch.server.details import ProblemDetails, without_files

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    400: "the request cannot be understood",
    401: "a token is needed: Authorization: Bearer TOKEN, or open the link that the server printed",
    404: "there is nothing at this address",
    405: "this address does not take this method",
}


class Declined(Exception):
    """A request that is not served: the status, and why in one line."""

    def __init__(self, status: int, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(
    status: int,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    request: str | None = None,
    problems: Iterable[Problem] = (),
) -> Response:
    """The answer for an error. `request` is the request's id, where a look into the log may help."""
    details = ProblemDetails(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or _DETAILS.get(status, HTTPStatus(status).description),
        request=request,
        problems=without_files(problems),
    )
    document = {key: value for key, value in vars(details).items() if value not in (None, ())}
    return Response(json.dumps(document, default=vars), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def answer_for(error: Exception) -> Response:
    """The answer for an error that is raised on purpose."""
    if isinstance(error, Declined):
        return problem(error.status, error.detail, headers=error.headers)
    if isinstance(error, InvalidInput):
        return problem(422, "the input is not valid", problems=error.problems)
    if isinstance(error, HTTPException):
        return problem(error.status_code, headers=error.headers)
    assert isinstance(error, Refused)
    from archsearch.store import Damaged, Unavailable

    if isinstance(error, Unavailable):
        return problem(503, "the database does not answer", headers={"Retry-After": "5"})
    if isinstance(error, Damaged):
        return problem(500, "the database is damaged: `archsearch doctor` on the server says where, and what to do")
    return problem(409, str(error))


def invalid_parameters(errors: Iterable[Mapping[str, Any]]) -> Response:
    """The answer for parameters that FastAPI refuses; nothing of the input is repeated."""
    problems = []
    for error in errors:
        what = str(error["msg"]).replace("Input should be", "must be")
        path = tuple(part for part in error["loc"] if isinstance(part, str | int))
        problems.append(Problem(path, what[:1].lower() + what[1:]))
    return answer_for(InvalidInput(problems))


def misnamed(
    place: str, noun: str, names: Sequence[str], known: Collection[str], lists: Collection[str] = ()
) -> list[Problem]:
    """Problems of parameters or fields that are not known, or given more than once and not among `lists`."""
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    repeated = [name for name in known if names.count(name) > 1 and name not in lists]
    problems = [Problem((place, name), f"unknown {noun}", one_of(known, name)) for name in unknown]
    return problems + [Problem((place, name), "is given more than once") for name in repeated]


async def handle(request: Request, error: Exception) -> Response:
    """Starlette's shape of `answer_for`; a method that is not allowed is answered with all that are."""
    answer = answer_for(error)
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # Starlette names those of one route at this address
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """The methods of an address; where there is GET, there is HEAD."""
    routes = (route for route in request.app.router.routes if route.matches(request.scope)[0] != Match.NONE)
    methods = {method for route in routes for method in getattr(route, "methods", None) or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
