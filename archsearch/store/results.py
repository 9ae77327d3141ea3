"""Read evaluations, and the results of a phase: every entry with its runs, in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, text

from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure, Score
from archsearch.store import EntryResult, EvaluationKey, EvaluationRow, RunRow
from archsearch.store.entries import list_entries
from archsearch.store.tables import environments, evaluations, runs, weights

_COMPLETE = text("state = 'complete'")  # a literal: the partial index serves no bound parameter
_FIND_COMPLETE = select(evaluations).where(evaluations.c.key == bindparam("key"), _COMPLETE)
_FIND_ENVIRONMENT = select(environments.c.document).where(environments.c.fingerprint == bindparam("fingerprint"))


def list_results(connection: Connection, study_id: int, phase: Phase) -> tuple[EntryResult, ...]:
    """The entries of a phase in their order, each with its finished runs by seed index."""
    by_spec: dict[str, list[RunRow]] = {}
    for run in _read_runs(connection, study_id, phase):
        by_spec.setdefault(run.spec_id, []).append(run)
    return tuple(
        EntryResult(entry, tuple(by_spec.get(entry.spec_id, ()))) for entry in list_entries(connection, study_id, phase)
    )


def list_runs(connection: Connection, study_id: int, phase: Phase, spec_id: str) -> tuple[RunRow, ...]:
    """The finished runs of a spec in a phase, by seed index."""
    return tuple(_read_runs(connection, study_id, phase, runs.c.spec_id == spec_id))


def _read_runs(connection: Connection, study_id: int, phase: Phase, *which: ColumnElement[bool]) -> Iterator[RunRow]:
    columns = (runs.c.spec_id.label("run_spec_id"), runs.c.seed_index, runs.c.kind, runs.c.reason)
    query = (
        select(*columns, evaluations)
        .join(evaluations, runs.c.evaluation_id == evaluations.c.id, isouter=True)
        .where(runs.c.study_id == study_id, runs.c.phase == phase, *which)
        .order_by(runs.c.spec_id, runs.c.seed_index)
    )
    for row in connection.execute(query):
        failure = None if row.kind is None else Failure(kind=row.kind, reason=row.reason)
        evaluation = None if row.id is None else read_evaluation(row)
        yield RunRow(phase, row.run_spec_id, row.seed_index, evaluation, failure)


def find_complete(connection: Connection, key: EvaluationKey) -> EvaluationRow | None:
    """The complete evaluation with this key, of any study and phase."""
    row = connection.execute(_FIND_COMPLETE, {"key": key.digest}).first()
    return None if row is None else read_evaluation(row)


def find_evaluation(connection: Connection, evaluation_id: int) -> EvaluationRow | None:
    """The evaluation with this id."""
    row = connection.execute(select(evaluations).where(evaluations.c.id == evaluation_id)).first()
    return None if row is None else read_evaluation(row)


def find_weights(connection: Connection, evaluation_id: int) -> bytes | None:
    """The safetensors file of an evaluation whose weights were kept, under the names of the canonical cell."""
    return connection.scalar(select(weights.c.safetensors).where(weights.c.evaluation_id == evaluation_id))


def find_environment(connection: Connection, fingerprint: str) -> dict[str, object] | None:
    """The environment with this fingerprint."""
    document = connection.scalar(_FIND_ENVIRONMENT, {"fingerprint": fingerprint})
    return None if document is None else dict(json.loads(document))


def read_evaluation(row: Row[Any]) -> EvaluationRow:
    """An evaluation from a row that has all of the table's columns."""
    key = EvaluationKey(row.spec_id, json.loads(row.task), int(row.seed), row.budget, row.backend, row.version)
    return EvaluationRow(
        id=row.id,
        key=key,
        state=row.state,
        score=_read_score(row) if row.state == "complete" else None,
        reports=tuple((check, value) for check, value in json.loads(row.reports)),
        environment=row.environment,
        seconds=row.seconds,
        finished_at=row.finished_at,
    )


def _read_score(row: Row[Any]) -> Score:
    values = {name: getattr(row, name) for name in Score.model_fields}
    values["curve"] = [(sequences, value) for sequences, value in json.loads(row.curve)]
    return Score(**values)
