"""One study: its page, parts of it that take long, its failures, and its events."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archsearch.api.events import EventStream
from archsearch.api.parameters import MOST_FILTERS, Limit, Offset, ReaderHere, SettingsHere, StreamsHere
from archsearch.api.reading import Reader, study_row
from archsearch.errors import InvalidInput, Refused
from archsearch.findings.boards import Standing
from archsearch.findings.evaluations import latest_failures
from archsearch.schema.phases import Phase
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.web.answers import page, page_in_parts, refusal
from archsearch.web.pages.actions import actions_of
from archsearch.web.rendering import href, render_parts
from archsearch.web.views.board import SHORT, Asked, TypedFilter, with_draft
from archsearch.web.views.study import StudyView, view_importance

ROUTES = Table()

Name = Annotated[str, Query(max_length=2000)]
Short = Annotated[str, Query(max_length=300)]
_FAILURES = 100


@ROUTES.get("/study")
async def show_study(
    reader: ReaderHere,
    settings: SettingsHere,
    name: Name,
    phase: Phase | None = None,
    sort: Short = "",
    descending: bool | None = None,
    filter: Annotated[list[str] | None, Query(max_length=MOST_FILTERS)] = None,  # noqa: A002
    choices: bool = False,
    limit: Limit = SHORT,
    offset: Offset = 0,
    column: Short = "",
    relation: Short = "",
    value: Short = "",
) -> Response:
    """Show a study. What the form for filters adds becomes part of the address, unless it is wrong."""
    draft = TypedFilter(column, relation, value)
    asked = Asked(name, phase, sort or None, descending, tuple(filter or ()), choices, limit, offset, draft)
    standing, trouble = await _standing(reader, asked)

    def draw(store: Store, row: StudyRow) -> Response | Iterator[str]:
        problem = ""
        if asked.draft.text and len(asked.filters) >= MOST_FILTERS:
            problem = f"there are {MOST_FILTERS} filters already"
        elif standing is not None and asked.draft.text:
            try:
                added = with_draft(standing.board, asked)
            except InvalidInput as error:
                problem = str(error)
            else:
                return RedirectResponse(f"{added.here}#board", 303)
        view = StudyView(store, row, standing, asked, trouble, reader.tasks_from)
        actions = None if settings.read_only else actions_of(store, row, settings.cores)
        here = {"here": "/study", "asked": asked, "current": asked.here, "problem": problem}
        parts = render_parts("study.html", study=view, actions=actions, **here)
        return itertools.chain([next(parts)], parts)  # what goes wrong up to the board makes it a page of an error

    drawn = await reader.of_study(asked.name, draw)
    if isinstance(drawn, Response):
        return drawn
    return page_in_parts(next(drawn), lambda: reader.read(lambda _: "".join(drawn)))


async def _standing(reader: Reader, asked: Asked) -> tuple[Standing | None, str]:
    """The board, or why it cannot be drawn up here: the rest of the page can."""
    try:
        return await reader.standing(asked.name, asked.phase), ""
    except Refused as error:
        return None, refusal(error)


@ROUTES.get("/study/importance")
async def show_importance(reader: ReaderHere, name: Name) -> HTMLResponse:
    """The part of a study's page that says which holes matter."""

    def read(store: Store) -> HTMLResponse:
        importance = view_importance(store, study_row(store, name), reader.tasks_from)
        return page("study/shares.html", importance=importance)

    return await reader.read_slowly(read)


@ROUTES.get("/study/failures")
async def show_failures(reader: ReaderHere, name: Name, offset: Offset = 0) -> HTMLResponse:
    """List what failed in a study."""

    def at(offset: int) -> str:
        return href("/study/failures", name=name, offset=offset or None)

    def draw(store: Store, row: StudyRow) -> HTMLResponse:
        failures = latest_failures(store, row, _FAILURES, offset)
        return page("study_failures.html", here="/study", name=row.name, failures=failures, offset=offset, address=at)

    return await reader.of_study(name, draw)


@ROUTES.get("/study/events")
async def follow_study(streams: StreamsHere, name: Name) -> EventStream:
    """Follow a study: the same events as the API's."""
    if not name:
        raise Declined(404, "no study has this name")
    return await streams.follow(name)
