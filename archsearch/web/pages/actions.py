"""What the buttons of a study's page do: start, cancel, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archsearch.api.parameters import ReaderHere, SettingsHere
from archsearch.api.reading import study_row
from archsearch.api.writing import WriterHere
from archsearch.errors import Refused
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.forms import read_cores, read_form
from archsearch.web.rendering import href

if TYPE_CHECKING:
    from collections.abc import Callable

    from archsearch.store import Store, StudyRow

ROUTES = Table("", "pages")

Name = Annotated[str, Query(max_length=2000)]


@ROUTES.add("POST", "/study/start", "token", include_in_schema=False)
async def start(request: Request, writer: WriterHere, settings: SettingsHere, name: Name) -> Response:
    """Let a study be run, or continued."""
    from archsearch.study.jobs import start_study

    form = await read_form(request, ("workers",))
    workers = read_cores(form["workers"], settings.cores)
    return await _change(writer, name, lambda store, row: start_study(store, row.name, workers, settings.cores))


@ROUTES.add("POST", "/study/cancel", "token", include_in_schema=False)
async def cancel(request: Request, writer: WriterHere, name: Name) -> Response:
    """Stop a study, or take it out of the queue."""
    from archsearch.study.jobs import cancel_study

    await read_form(request)
    return await _change(writer, name, lambda store, row: cancel_study(store, row.name))


@ROUTES.get("/study/delete", include_in_schema=False)
async def ask_to_delete(reader: ReaderHere, settings: SettingsHere, name: Name) -> Response:
    """Ask whether a study is to be deleted."""
    from archsearch.findings.studies import progress_of

    if settings.read_only:
        raise Declined(403, "this server is read-only")
    found = await reader.of_study(name, progress_of)
    return page("study/delete.html", name=name, found=found)


@ROUTES.add("POST", "/study/delete", "token", include_in_schema=False)
async def delete(request: Request, writer: WriterHere, settings: SettingsHere, name: Name) -> Response:
    """Delete a study with all its results."""
    from archsearch.study.jobs import delete_study

    await read_form(request)
    return await _change(writer, name, lambda store, row: delete_study(settings.storage, row.name), "/")


async def _change(
    writer: WriterHere, name: str, change: Callable[[Store, StudyRow], object], there: str = ""
) -> Response:
    """Do it, and lead to the study's page, or `there`; what is not possible as things stand is said on a page."""
    from archsearch.store import Unavailable

    try:
        await writer.write(lambda store: change(store, study_row(store, name)))
    except Unavailable:
        raise
    except Refused as error:
        return page("study/refused.html", 409, name=name, reason=str(error))
    return RedirectResponse(there or href("/study", name=name), 303)
