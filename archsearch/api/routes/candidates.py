"""The specs that take part in a study, one by one."""

from __future__ import annotations

from archsearch.api.candidates import candidate_of, cell_of, entry_of
from archsearch.api.images import Svg
from archsearch.api.parameters import DrawingsHere, ReaderHere, SpecId
from archsearch.api.reading import study_row
from archsearch.findings.candidates import Candidate
from archsearch.server.table import Table

ROUTES = Table("/api/v1", "candidates")


@ROUTES.get("/studies/{study}/entries/{spec_id}")
async def get_candidate(reader: ReaderHere, study: str, spec_id: SpecId) -> Candidate:
    """Explain a spec of a study: its choices, its equations in three spellings, the nearest textbook cell."""
    return await reader.explain(lambda store: candidate_of(store, study_row(store, study), spec_id))


@ROUTES.get("/studies/{study}/entries/{spec_id}/diagram.svg", response_class=Svg)
async def draw_candidate(reader: ReaderHere, drawings: DrawingsHere, study: str, spec_id: SpecId) -> Svg:
    """Draw one step of the cell of a spec; 409 where there is no way to draw it."""
    from archsearch.ir import lower

    ir = await reader.of_study(study, lambda store, row: str(lower(cell_of(entry_of(store, row, spec_id)))))
    return Svg((await drawings.draw(ir)).styled)
