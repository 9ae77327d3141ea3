"""Studies: the list, one of them, its trials, and its progress while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from archsearch.api.events import EventStream
from archsearch.api.parameters import NO_ENTRY, Limit, Number, Offset, Part, ReaderHere, SpecId, StreamsHere, Unit
from archsearch.findings.evaluations import Evaluations, Trials, evaluations_of
from archsearch.findings.studies import Studies, StudyFinding, studies_of, study_of
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.states import StudyState, TrialState
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.store import StudyRow

if TYPE_CHECKING:
    from archsearch.store.store import Store

ROUTES = Table("/api/v1", "studies")

_EVENT = {
    "type": "object",
    "properties": {"event": {"enum": ["progress", "end"]}, "data": {"type": "string"}},
    "required": ["event", "data"],
}


@ROUTES.get("/studies", errors=())
async def list_studies(
    reader: ReaderHere,
    name: Part = None,
    state: StudyState | None = None,
    sort: Literal["name", "state", "created_at"] = "name",
    descending: bool = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Studies:
    """List studies; `name` keeps those whose name has this part."""
    from archsearch.store.pages import Cut

    def query(store: Store) -> Studies:
        page = store.page_studies(sort, Cut(limit, offset, descending), name, state)
        return studies_of(store, page.rows, page.total)

    return await reader.read(query)


@ROUTES.get("/studies/{study}")
async def get_study(reader: ReaderHere, study: str) -> StudyFinding:
    """Say everything about a study: its definition, how far it is, and the verdict."""
    standing = await reader.standing(study, None)
    return await reader.of_study(study, lambda store, row: study_of(store, row, standing))


@ROUTES.get("/studies/{study}/trials")
async def list_trials(
    reader: ReaderHere,
    study: str,
    state: TrialState | None = None,
    least: Unit = None,
    most: Unit = None,
    line: Part = None,
    arch_id: Part = None,
    sort: Literal["number", "state", "value", "line", "arch_id"] = "number",
    descending: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Trials:
    """List trials; `least` and `most` bound the value, `line` keeps those whose line has this part."""
    from archsearch.store.pages import Cut, TrialFilter

    def query(store: Store, row: StudyRow) -> Trials:
        conditions = TrialFilter(state, least, most, line, arch_id)
        page = store.page_trials(row.id, sort, Cut(limit, offset, descending), conditions)
        return Trials(page.total, page.rows)

    return await reader.of_study(study, query)


@ROUTES.get("/studies/{study}/trials/{number}/evaluations")
async def list_trial_evaluations(reader: ReaderHere, study: str, number: Number) -> Evaluations:
    """List the evaluations that a trial's spec got in the search; of a trial without a spec there are none."""

    def query(store: Store, row: StudyRow) -> Evaluations:
        trial = store.find_trial(row.id, number)
        if trial is None:
            raise Declined(404, "the study has no trial with this number")
        runs = () if trial.spec_id is None else store.runs(row.id, "search", trial.spec_id)
        return evaluations_of(row.name, trial.spec_id or "", runs)

    return await reader.of_study(study, query)


@ROUTES.get("/studies/{study}/entries/{spec_id}/evaluations")
async def list_entry_evaluations(
    reader: ReaderHere, study: str, spec_id: SpecId, phase: Phase | None = None
) -> Evaluations:
    """List the evaluations of a spec in one phase or in all."""

    def query(store: Store, row: StudyRow) -> Evaluations:
        phases = PHASES if phase is None else (phase,)
        if not any(store.has_entry(row.id, name, spec_id) for name in phases):
            raise Declined(404, NO_ENTRY)
        runs = [run for name in phases for run in store.runs(row.id, name, spec_id)]
        return evaluations_of(row.name, spec_id, runs)

    return await reader.of_study(study, query)


@ROUTES.get(
    "/studies/{study}/events",
    status_code=200,
    response_class=EventStream,
    response_description="Events `progress`, and `end` once it is over; the data of both is a Progress document.",
    openapi_extra={"responses": {"200": {"content": {EventStream.media_type: {"schema": _EVENT}}}}},
)
async def follow_study(streams: StreamsHere, study: str) -> EventStream:
    """Follow a study: an event at once and at every change, until it is over."""
    return await streams.follow(study)
