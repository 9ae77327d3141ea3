"""The first page: the studies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import Offset, ReaderHere
from archsearch.schema.states import STUDY_STATES, StudyState
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.rendering import href

ROUTES = Table("", "pages")


@ROUTES.get("/", include_in_schema=False)
async def show_studies(
    reader: ReaderHere,
    name: Annotated[str, Query(max_length=200)] = "",
    state: StudyState | None = None,
    sort: str = "created_at",
    descending: bool = True,
    offset: Offset = 0,
) -> HTMLResponse:
    """List the studies."""
    from archsearch.web.views.studies import PAGE, SORTS, Asked, list_studies

    chosen = sort if sort in SORTS else "created_at"
    asked = Asked(name, state, chosen, descending, offset)
    found = await reader.read(lambda store: list_studies(store, asked))

    def address(key: str = asked.sort, descending: bool = asked.descending, offset: int = 0) -> str:
        return href("/", name=name, state=state, sort=key, descending=str(descending).lower(), offset=offset or None)

    return page(
        "studies.html",
        here="/",
        studies=found,
        address=address,
        limit=PAGE,
        states=STUDY_STATES,
        current=address(offset=offset),
    )
