"""One candidate or baseline of a study."""

from __future__ import annotations

import shlex
from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import ReaderHere
from archsearch.api.reading import study_row
from archsearch.api.routes.candidates import entry_of
from archsearch.board import Board, BoardRow
from archsearch.schema.phases import PHASES
from archsearch.server.table import Table
from archsearch.space.library import cell_names
from archsearch.store.store import Store
from archsearch.web.answers import page
from archsearch.web.rendering import href
from archsearch.web.views.candidate import candidate_page

ROUTES = Table()

Study = Annotated[str, Query(max_length=1000)]
Spec = Annotated[str, Query(max_length=100)]


@ROUTES.get("/candidate")
async def show_candidate(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Show a spec of a study."""

    def draw(store: Store) -> HTMLResponse:
        shown = candidate_page(store, entry_of(store, study_row(store, study), spec), reader.tasks_from)
        current = href("/candidate", study=study, spec=spec)
        return page("candidate.html", shown=shown, current=current, others=cell_names())

    return await reader.explain(draw)


@ROUTES.get("/candidate/places")
async def show_places(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Say where a spec stands on the boards, as a part of a page: boards of many trials take their time."""
    phases = await reader.of_study(study, lambda store, row: entry_of(store, row, spec).phases)
    boards = [(await reader.standing(study, phase)).board for phase in reversed(PHASES) if phase in phases]
    # In a thread: looking for a spec makes all rows of a board that was not read before.
    rows = await reader.explain(lambda store: [find_row(board, spec) for board in boards])
    places = [(board, row) for board, row in zip(boards, rows, strict=True) if row is not None and row.seeds]
    return page("cell/places.html", places=places, study=study)


@ROUTES.get("/candidate/commands")
async def show_commands(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Say which commands show a spec, as a part of a page; they know it by its rank on the latest phase's board."""
    await reader.of_study(study, lambda store, row: entry_of(store, row, spec))
    board = (await reader.standing(study, None)).board
    row = await reader.explain(lambda store: find_row(board, spec))
    return page("cell/commands.html", study=shlex.quote(study), row=row)


def find_row(board: Board, spec_id: str) -> BoardRow | None:
    """The row of a spec on a board."""
    return next((row for row in board.rows if row.spec_id == spec_id), None)
