"""The first page: the studies."""

from __future__ import annotations

import types
from typing import Annotated, get_args

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import Offset, ReaderHere
from archsearch.findings.studies import Progress, progress_of
from archsearch.schema.states import STUDY_STATES, StudyState
from archsearch.server.table import Table
from archsearch.store.pages import Cut, StudySort
from archsearch.store.store import Store
from archsearch.web.answers import page
from archsearch.web.rendering import href

ROUTES = Table()
PAGE = 25


@ROUTES.get("/")
async def show_studies(
    reader: ReaderHere,
    name: Annotated[str, Query(max_length=200)] = "",
    state: StudyState | None = None,
    sort: str = "created_at",
    descending: bool = True,
    offset: Offset = 0,
) -> HTMLResponse:
    """List the studies."""
    key: StudySort = next((key for key in get_args(StudySort) if key == sort), "created_at")

    def read(store: Store) -> tuple[int, list[Progress]]:
        listed = store.page_studies(key, Cut(PAGE, offset, descending), name or None, state)
        return listed.total, [progress_of(store, row) for row in listed.rows]

    def address(key: str = key, descending: bool = descending, offset: int = 0) -> str:
        return href("/", name=name, state=state, sort=key, descending=str(descending).lower(), offset=offset or None)

    total, studies = await reader.read(read)
    return page(
        "studies.html",
        here="/",
        studies=studies,
        total=total,
        name=name,
        state=state,
        sorting=types.SimpleNamespace(key=key, descending=descending),
        offset=offset,
        address=address,
        limit=PAGE,
        states=STUDY_STATES,
        current=address(offset=offset),
    )
