"""The results of a phase: every entry with its runs, in full or as the figures that a board takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, func, select

from archsearch.schema.score import Failure, Phase
from archsearch.store.entries import list_entries
from archsearch.store.evaluations import read_evaluation
from archsearch.store.rows import EntryFigures, EntryResult, RunFigures, RunRow
from archsearch.store.tables import entries, evaluations, runs, trials


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


def list_figures(connection: Connection, study_id: int, phase: Phase) -> tuple[EntryFigures, ...]:
    """The entries of a phase in their order, each with the figures of its finished runs by seed index.

    No text is read that a board does not show: at ten thousand trials curves and reports take seconds.
    """
    listed = list_entries(connection, study_id, phase)
    if not listed:
        return ()
    state = func.coalesce(evaluations.c.state, "failed")
    query = (
        select(runs.c.spec_id, runs.c.seed_index, state, *(evaluations.c[name] for name in _FIGURES))
        .join(evaluations, runs.c.evaluation_id == evaluations.c.id, isouter=True)
        .where(runs.c.study_id == study_id, runs.c.phase == phase)
        .order_by(runs.c.spec_id, runs.c.seed_index)
    )
    rows: Sequence[Any] = connection.execute(query).all()  # quicker than one by one
    found = {spec_id: tuple(map(_run_figures, some)) for spec_id, some in groupby(rows, itemgetter(0))}
    choices = _choices(connection, study_id, phase)
    return tuple(
        EntryFigures(
            entry,
            found.get(entry.spec_id, ()),
            choices.get(entry.spec_id, "") if entry.role == "candidate" else "",
        )
        for entry in listed
    )


def _run_figures(row: Sequence[Any]) -> RunFigures:
    """A run from its spec, seed index and state, and what a complete one has besides."""
    return RunFigures._make(row[1:]) if row[2] == "complete" else RunFigures(row[1], row[2])


def _choices(connection: Connection, study_id: int, phase: Phase) -> dict[str, str]:
    """What was chosen for the candidates of a phase when they were proposed first, as JSON."""
    mine = select(entries.c.spec_id).where(
        entries.c.study_id == study_id, entries.c.phase == phase, entries.c.role == "candidate"
    )
    query = select(trials.c.spec_id, trials.c.choices).where(
        trials.c.study_id == study_id, trials.c.repeat_of.is_(None), trials.c.spec_id.in_(mine)
    )
    return dict(connection.execute(query).all())


_FIGURES = (
    "objective",
    "test",
    "solved",
    "sequences_to_solve",
    "parameters",
    "operations",
    "stages",
    "seconds",
    "budget",
)
"""Columns in the order of the fields of `RunFigures`."""


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
