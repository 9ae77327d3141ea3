"""One candidate or baseline of a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import NO_ENTRY, ReaderHere
from archsearch.api.reading import Reader, study_row
from archsearch.api.routes.candidates import entry_of
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.rendering import href

if TYPE_CHECKING:
    from archsearch.web.views.candidate import BoardPlace

ROUTES = Table("", "pages")

Study = Annotated[str, Query(max_length=1000)]
Spec = Annotated[str, Query(max_length=100)]


@ROUTES.get("/candidate", include_in_schema=False)
async def show_candidate(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Show a spec of a study."""
    from archsearch.store.store import Store

    def draw(store: Store) -> HTMLResponse:
        from archsearch.space.library import cell_names
        from archsearch.web.views.candidate import candidate_page

        shown = candidate_page(store, study_row(store, study), spec, reader.tasks_from)
        if shown is None:
            raise Declined(404, NO_ENTRY)
        current = href("/candidate", study=study, spec=spec)
        return page("candidate.html", shown=shown, current=current, others=cell_names())

    return await reader.explain(draw)


@ROUTES.get("/candidate/places", include_in_schema=False)
async def show_places(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Say where a spec stands on the boards, as a part of a page: boards of many trials take their time."""
    places, _ = await _placed(reader, study, spec)
    return page("cell/places.html", places=places, study=study)


@ROUTES.get("/candidate/commands", include_in_schema=False)
async def show_commands(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Say which commands show a spec, as a part of a page; they know it by its rank."""
    _, commands = await _placed(reader, study, spec)
    return page("cell/commands.html", commands=commands)


async def _placed(reader: Reader, study: str, spec: str) -> tuple[Sequence[BoardPlace], Sequence[str]]:
    from archsearch.schema.phases import PHASES
    from archsearch.web.views.candidate import commands_for, places_of

    phases = await reader.of_study(study, lambda store, row: entry_of(store, row, spec).phases)
    boards = {phase: (await reader.standing(study, phase)).board for phase in phases}
    latest = (await reader.standing(study, None)).board
    shown = [boards[phase] for phase in reversed(PHASES) if phase in boards]
    # In a thread: looking for a spec makes all rows of a board that was not read before.
    return await reader.explain(lambda store: (places_of(shown, spec), commands_for(latest, spec)))
