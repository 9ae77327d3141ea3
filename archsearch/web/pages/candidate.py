"""One candidate or baseline of a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.problems import Declined
from archsearch.api.reading import Reader
from archsearch.api.routes.studies import ReaderHere
from archsearch.api.table import Table
from archsearch.web.answers import page
from archsearch.web.rendering import href

if TYPE_CHECKING:
    from archsearch.schema.score import Phase
    from archsearch.web.views.candidate import Place

ROUTES = Table("", "pages")

Study = Annotated[str, Query(max_length=1000)]
Spec = Annotated[str, Query(max_length=100)]
_UNKNOWN = "the study has no entry with this spec"


@ROUTES.get("/candidate", include_in_schema=False)
async def show_candidate(reader: ReaderHere, study: Study, spec: Spec) -> HTMLResponse:
    """Show a spec of a study."""
    from archsearch.web.views.candidate import candidate_of
    from archsearch.web.views.items import cell_names

    found = await reader.of_study(study, lambda store, row: candidate_of(store, row, spec, reader.tasks_from))
    if found is None:
        raise Declined(404, _UNKNOWN)
    current = href("/candidate", study=study, spec=spec)
    return page("candidate.html", candidate=found, current=current, others=cell_names())


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


async def _placed(reader: Reader, study: str, spec: str) -> tuple[Sequence[Place], Sequence[str]]:
    from archsearch.store import Store, StudyRow
    from archsearch.study.stored import PHASES
    from archsearch.web.views.candidate import commands_for, places_of
    from archsearch.web.views.items import find_entry

    def look(store: Store, row: StudyRow) -> tuple[Phase, ...]:
        entry = find_entry(store, row, spec)
        if entry is None:
            raise Declined(404, _UNKNOWN)
        return entry.phases

    phases = await reader.of_study(study, look)
    boards = {phase: (await reader.standing(study, phase)).board for phase in phases}
    latest = (await reader.standing(study, None)).board
    places = places_of([boards[phase] for phase in reversed(PHASES) if phase in boards], spec)
    return places, commands_for(latest, spec)
