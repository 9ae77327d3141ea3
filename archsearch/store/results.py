"""The results of a phase: every entry with its runs, in full."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure
from archsearch.store import EntryResult, RunRow
from archsearch.store.entries import list_entries
from archsearch.store.evaluations import read_evaluation
from archsearch.store.tables import evaluations, runs


def list_results(connection: Connection, study_id: int, phase: Phase) -> tuple[EntryResult, ...]:
    """The entries of a phase in their order, each with its finished runs by seed index."""
    query = (
        select(*_RUN_COLUMNS, evaluations)
        .join(evaluations, runs.c.evaluation_id == evaluations.c.id, isouter=True)
        .where(runs.c.study_id == study_id, runs.c.phase == phase)
        .order_by(runs.c.spec_id, runs.c.seed_index)
    )
    by_spec: dict[str, list[RunRow]] = {}
    for row in connection.execute(query):
        by_spec.setdefault(row.run_spec_id, []).append(_run(row, phase))
    return tuple(
        EntryResult(entry, tuple(by_spec.get(entry.spec_id, ()))) for entry in list_entries(connection, study_id, phase)
    )


def list_runs(connection: Connection, study_id: int, phase: Phase, spec_id: str) -> tuple[RunRow, ...]:
    """The finished runs of a spec in a phase, by seed index."""
    query = (
        select(*_RUN_COLUMNS, evaluations)
        .join(evaluations, runs.c.evaluation_id == evaluations.c.id, isouter=True)
        .where(runs.c.study_id == study_id, runs.c.phase == phase, runs.c.spec_id == spec_id)
        .order_by(runs.c.seed_index)
    )
    return tuple(_run(row, phase) for row in connection.execute(query))


_RUN_COLUMNS = (
    runs.c.spec_id.label("run_spec_id"),
    runs.c.seed_index,
    runs.c.kind,
    runs.c.reason,
)


def _run(row: Row[Any], phase: Phase) -> RunRow:
    failure = None if row.kind is None else Failure(kind=row.kind, reason=row.reason)
    evaluation = None if row.id is None else read_evaluation(row)
    return RunRow(phase, row.run_spec_id, row.seed_index, evaluation, failure)
