"""Studies that the server runs: create, start, cancel, delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from archsearch.api.parameters import CheckerHere, ReaderHere, SettingsHere, WriterHere
from archsearch.errors import InvalidInput, Problem
from archsearch.findings.studies import Queue, Studies, StudySummary, queue_of
from archsearch.server.bodies import (
    JSON,
    MOST_WORKERS,
    NewStudy,
    body_of,
    media_type,
    read_json,
    read_nothing,
    read_yaml,
)
from archsearch.server.table import Table

ROUTES = Table("/api/v1", "launching")

_BODY = body_of(NewStudy, "A study, as its file would say it.")
_WORKERS = "Evaluations at once, each of which takes a core; by default all that the server has."
Workers = Annotated[int | None, Query(ge=1, le=MOST_WORKERS, description=_WORKERS)]


@ROUTES.add("POST", "/studies", "token", (409, 413, 415), status_code=201, openapi_extra=_BODY)
async def create_studies(
    request: Request,
    writer: WriterHere,
    checker: CheckerHere,
    settings: SettingsHere,
    start: bool = False,
    workers: Workers = None,
) -> Studies:
    """Create a study, or one per task of a series, all or none; it waits to be started unless `start` is said.

    As JSON, a study with a space of your own; `start` and `workers` then stand in the body.
    """
    from archsearch.study.jobs import check_workers

    given = await _given(request, start, workers)
    if given.workers is not None:
        check_workers(given.workers, settings.cores)
    definitions = await checker.define(*given.texts)
    if definitions.problems:
        raise InvalidInput(given.placed(definitions.problems))
    return await writer.create(definitions.studies, start=given.start, workers=given.workers)


@ROUTES.add("POST", "/studies/{study}/start", "token", (404, 409, 413), status_code=202)
async def start_study(request: Request, writer: WriterHere, study: str, workers: Workers = None) -> StudySummary:
    """Let a study be run as soon as there are cores for it, or be continued."""
    await read_nothing(request)
    return await writer.start(study, workers)


@ROUTES.add("POST", "/studies/{study}/cancel", "token", (404, 409, 413), status_code=202)
async def cancel_study(request: Request, writer: WriterHere, study: str) -> StudySummary:
    """Stop a study that runs, or take it out of the queue; it can be started again."""
    await read_nothing(request)
    return await writer.cancel(study)


@ROUTES.add("DELETE", "/studies/{study}", "token", (404, 409, 413), status_code=204)
async def delete_study(request: Request, writer: WriterHere, study: str) -> Response:
    """Delete a study with all its results, unless it runs or is to run."""
    await read_nothing(request)
    await writer.delete(study)
    return Response(status_code=204)


@ROUTES.get("/queue", errors=())
async def get_queue(reader: ReaderHere, settings: SettingsHere) -> Queue:
    """Say what the server runs, what waits, and what could not be run; without cores it runs nothing."""
    cores = settings.cores if settings.runs else 0
    return await reader.read(lambda store: queue_of(store, cores))


async def _given(request: Request, start: bool, workers: int | None) -> NewStudy:
    if media_type(request, JSON) != JSON:
        return NewStudy(study=await read_yaml(request, "study"), start=start, workers=workers)
    for name in request.query_params:
        raise InvalidInput(Problem(("query", name), "a body of JSON says this itself", "say it there"))
    return await read_json(request, NewStudy)
