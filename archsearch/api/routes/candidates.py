"""The specs that take part in a study, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.api.drawings import Svg
from archsearch.api.parameters import NO_ENTRY, DrawingsHere, ReaderHere, SpecId
from archsearch.api.reading import study_row
from archsearch.findings.candidates import CandidateFinding, candidate_of, cell_of
from archsearch.ir import lower
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.study.entries import Entry, find_entry

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store

ROUTES = Table("/api/v1", "candidates")


@ROUTES.get("/studies/{study}/entries/{spec_id}")
async def get_candidate(reader: ReaderHere, study: str, spec_id: SpecId) -> CandidateFinding:
    """Explain a spec of a study: its choices, its equations in three spellings, the nearest textbook cell."""

    def explain(store: Store) -> CandidateFinding:
        return candidate_of(store, entry_of(store, study_row(store, study), spec_id), reader.tasks_from)

    return await reader.explain(explain)


@ROUTES.get("/studies/{study}/entries/{spec_id}/diagram.svg", response_class=Svg)
async def draw_candidate(reader: ReaderHere, drawings: DrawingsHere, study: str, spec_id: SpecId) -> Svg:
    """Draw one step of the cell of a spec; 409 where there is no way to draw it."""
    ir = await reader.of_study(study, lambda store, row: str(lower(cell_of(entry_of(store, row, spec_id)))))
    return Svg((await drawings.draw(ir)).styled)


def entry_of(store: Store, row: StudyRow, spec_id: str) -> Entry:
    """The spec with this id. Raises `Declined` (404) when it takes no part in the study."""
    entry = find_entry(store, row, spec_id)
    if entry is None:
        raise Declined(404, NO_ENTRY)
    return entry
