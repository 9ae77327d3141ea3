"""The buttons of a study's page, and what they do: start, cancel, delete."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archsearch.api.parameters import ReaderHere, SettingsHere, WriterHere
from archsearch.errors import Refused
from archsearch.findings.studies import progress_of
from archsearch.schema.states import AT_REST, StudyState
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.jobs import positions
from archsearch.web.answers import page, refusal
from archsearch.web.forms import read_cores, read_form
from archsearch.web.rendering import href

ROUTES = Table()

Name = Annotated[str, Query(max_length=2000)]

_START: dict[StudyState, str] = {
    "created": "Start",
    "interrupted": "Go on",
    "cancelled": "Go on",
    "failed": "Try again",
    "exhausted": "Look again",
    "running": "Go on here",
}
"""What the button says; a running study has it only where no server runs it."""


@dataclasses.dataclass(frozen=True)
class Actions:
    """The buttons of a study. `start` is empty where it cannot be started; `cores` are those of the server.

    `position` counts from 1 among the `waiting`, 0 when it does not wait; `reason` says why it could not be run.
    """

    study: str
    start: str
    cancel: bool
    delete: bool
    cores: int
    workers: int
    position: int = 0
    waiting: int = 0
    reason: str = ""
    elsewhere: bool = False


def actions_of(store: Store, row: StudyRow, cores: int) -> Actions:
    """What can be done with a study on a server with these cores."""
    jobs = store.jobs()
    job = next((job for job in jobs if job.study_id == row.id), None)
    queue = positions(jobs)
    elsewhere = row.state == "running" and job is None
    started = row.state in _START and (row.state != "running" or elsewhere)
    return Actions(
        study=row.name,
        start=_START[row.state] if started else "",
        cancel=job is not None and job.state in ("queued", "running"),
        delete=row.state in AT_REST | {"created"},
        cores=cores,
        workers=min(job.workers, cores) if job is not None and job.state != "created" else cores,
        position=queue.get(row.id, 0),
        waiting=len(queue),
        reason=job.reason if job is not None else "",
        elsewhere=elsewhere,
    )


@ROUTES.add("POST", "/study/start", "token")
async def start(request: Request, writer: WriterHere, settings: SettingsHere, name: Name) -> Response:
    """Let a study be run, or continued."""
    form = await read_form(request, ("workers",))
    workers = read_cores(form["workers"], settings.cores)
    return await _change(name, writer.start(name, workers))


@ROUTES.add("POST", "/study/cancel", "token")
async def cancel(request: Request, writer: WriterHere, name: Name) -> Response:
    """Stop a study, or take it out of the queue."""
    await read_form(request)
    return await _change(name, writer.cancel(name))


@ROUTES.get("/study/delete")
async def ask_to_delete(reader: ReaderHere, settings: SettingsHere, name: Name) -> Response:
    """Ask whether a study is to be deleted."""
    if settings.read_only:
        raise Declined(403, "this server is read-only")
    progress = await reader.of_study(name, progress_of)
    return page("study/delete.html", name=name, progress=progress)


@ROUTES.add("POST", "/study/delete", "token")
async def delete(request: Request, writer: WriterHere, name: Name) -> Response:
    """Delete a study with all its results."""
    await read_form(request)
    return await _change(name, writer.delete(name), "/")


async def _change(name: str, change: Awaitable[object], target: str = "") -> Response:
    """Make the change, and redirect to the study's page or to `target`; a page says why it is refused."""
    try:
        await change
    except Refused as error:
        return page("study/refused.html", 409, name=name, reason=refusal(error))
    return RedirectResponse(target or href("/study", name=name), 303)
