"""Queries that read one page of a long list: filtered, sorted and cut by the database."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, Text, cast, func, literal, null, select, true

from archsearch.schema.states import StudyState, TrialState
from archsearch.store import FailedAttempt, StudyRow, TrialRow
from archsearch.store.figures import NO_CELL, lines_of
from archsearch.store.studies import read_study, select_studies, shown_state
from archsearch.store.tables import attempts, by_code_points, specs, studies, trials
from archsearch.store.trials import read_trial, select_trials

TrialSort = Literal["number", "state", "value", "line", "arch_id"]
StudySort = Literal["name", "state", "created_at"]
_Row = TypeVar("_Row")


@dataclasses.dataclass(frozen=True)
class Cut:
    """Which part of a sorted list to read."""

    limit: int
    offset: int = 0
    descending: bool = False


@dataclasses.dataclass(frozen=True)
class Page(Generic[_Row]):
    """Some rows, and how many there are in all."""

    total: int
    rows: tuple[_Row, ...]


@dataclasses.dataclass(frozen=True)
class TrialFilter:
    """Which trials to read; None lets all pass. `line` is a part of the line, in any case."""

    state: TrialState | None = None
    least: float | None = None
    most: float | None = None
    line: str | None = None
    arch_id: str | None = None


def page_trials(
    connection: Connection, study_id: int, sort: TrialSort, cut: Cut, chosen: TrialFilter | None = None
) -> Page[TrialRow]:
    """Trials of a study, repeats included; those without a value stand last, equals stand in order of number."""
    query = select_trials(study_id).where(*_trial_conditions(chosen or TrialFilter()))
    column = _TRIAL_COLUMNS[sort]
    ordered: list[ColumnElement[Any]] = [column.desc().nulls_last() if cut.descending else column.asc().nulls_last()]
    if sort != "number":
        ordered.append(trials.c.number)
    return _cut(connection, query.order_by(*ordered), cut, read_trial)


def page_studies(
    connection: Connection, sort: StudySort, cut: Cut, part: str | None = None, state: StudyState | None = None
) -> Page[StudyRow]:
    """Studies in this state whose name contains `part`, in any case."""
    query = select_studies()
    if part:
        query = query.where(studies.c.name.icontains(part, autoescape=True))
    if state is not None:
        query = query.where(shown_state.element == state)
    column = shown_state.element if sort == "state" else by_code_points(studies.c[sort])
    ordered = query.order_by(column.desc() if cut.descending else column.asc(), by_code_points(studies.c.name))
    return _cut(connection, ordered, cut, read_study)


def list_failures(
    connection: Connection, study_id: int, limit: int | None = None, offset: int = 0
) -> tuple[FailedAttempt, ...]:
    """Failed attempts and proposals of which no cell could be made, the latest first; of equals proposals first."""
    both = _failed_attempts(study_id).union_all(_refused_proposals(study_id)).subquery()
    order = (both.c[name].desc() for name in ("at", "number", "phase", "spec_id", "seed_index", "attempt"))
    rows = connection.execute(select(both).order_by(*order).limit(limit).offset(offset)).all()
    lines = lines_of(connection, study_id, (row.spec_id for row in rows if row.spec_id is not None))
    return tuple(_read_failure(row, lines) for row in rows)


def _failed_attempts(study_id: int) -> Select[Any]:
    names = ("at", "phase", "kind", "final", "attempt", "seed_index", "spec_id", "reason")
    columns = (attempts.c[name] for name in names)
    other = (literal(-1, Integer).label("number"), cast(null(), Text).label("choices"))
    return select(*columns, *other).where(attempts.c.study_id == study_id)


def _refused_proposals(study_id: int) -> Select[Any]:
    """With the same columns as failed attempts, by place."""
    return select(
        trials.c.finished_at,
        literal("search", Text),
        literal(NO_CELL, Text),
        true(),
        literal(1, Integer),
        cast(null(), Integer),
        cast(null(), Text),
        trials.c.reason,
        trials.c.number,
        trials.c.choices,
    ).where(trials.c.study_id == study_id, trials.c.state == "failed", trials.c.spec_id.is_(None))


def _read_failure(row: Row[Any], lines: Mapping[str, str]) -> FailedAttempt:
    values = dict(row._mapping)
    del values["number"]
    choices = values.pop("choices")
    from archsearch.space.line import choices_line  # the language, which other pages do without

    line = lines.get(row.spec_id, "") if choices is None else choices_line(json.loads(choices))
    return FailedAttempt(**values, line=line)


_TRIAL_COLUMNS: dict[TrialSort, ColumnElement[Any]] = {
    "number": trials.c.number,
    "state": trials.c.state,
    "value": trials.c.value,
    "line": by_code_points(specs.c.line),
    "arch_id": specs.c.arch_id,
}


def _trial_conditions(chosen: TrialFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.state is not None:
        conditions.append(trials.c.state == chosen.state)
    if chosen.least is not None:
        conditions.append(trials.c.value >= chosen.least)
    if chosen.most is not None:
        conditions.append(trials.c.value <= chosen.most)
    if chosen.line:
        conditions.append(specs.c.line.icontains(chosen.line, autoescape=True))
    if chosen.arch_id is not None:
        conditions.append(specs.c.arch_id == chosen.arch_id)
    return conditions


def _cut(connection: Connection, query: Select[Any], cut: Cut, read: Callable[[Row[Any]], _Row]) -> Page[_Row]:
    count = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    rows = connection.execute(query.limit(cut.limit).offset(cut.offset))
    return Page(connection.scalar(count) or 0, tuple(map(read, rows)))
