"""What the buttons of a study's page do: start, cancel, delete."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archsearch.api.parameters import ReaderHere, SettingsHere, WriterHere
from archsearch.errors import Refused
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.forms import read_cores, read_form
from archsearch.web.rendering import href

ROUTES = Table("", "pages")

Name = Annotated[str, Query(max_length=2000)]


@ROUTES.add("POST", "/study/start", "token", include_in_schema=False)
async def start(request: Request, writer: WriterHere, settings: SettingsHere, name: Name) -> Response:
    """Let a study be run, or continued."""
    form = await read_form(request, ("workers",))
    workers = read_cores(form["workers"], settings.cores)
    return await _change(name, writer.start(name, workers))


@ROUTES.add("POST", "/study/cancel", "token", include_in_schema=False)
async def cancel(request: Request, writer: WriterHere, name: Name) -> Response:
    """Stop a study, or take it out of the queue."""
    await read_form(request)
    return await _change(name, writer.cancel(name))


@ROUTES.get("/study/delete", include_in_schema=False)
async def ask_to_delete(reader: ReaderHere, settings: SettingsHere, name: Name) -> Response:
    """Ask whether a study is to be deleted."""
    from archsearch.findings.studies import progress_of

    if settings.read_only:
        raise Declined(403, "this server is read-only")
    progress = await reader.of_study(name, progress_of)
    return page("study/delete.html", name=name, progress=progress)


@ROUTES.add("POST", "/study/delete", "token", include_in_schema=False)
async def delete(request: Request, writer: WriterHere, name: Name) -> Response:
    """Delete a study with all its results."""
    await read_form(request)
    return await _change(name, writer.delete(name), "/")


async def _change(name: str, change: Awaitable[object], target: str = "") -> Response:
    """Make the change, and redirect to the study's page or to `target`; a page says why it is refused."""
    from archsearch.store import Unavailable

    try:
        await change
    except Unavailable:
        raise
    except Refused as error:
        return page("study/refused.html", 409, name=name, reason=str(error))
    return RedirectResponse(target or href("/study", name=name), 303)
