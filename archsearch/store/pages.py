"""Queries that read one page of a long list: filtered, sorted and cut by the database."""

from __future__ import annotations

import dataclasses
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func

from archsearch.store.rows import StudyRow, StudyState, TrialRow, TrialState
from archsearch.store.studies import read_study, select_studies, shown_state
from archsearch.store.tables import specs, studies, trials
from archsearch.store.trials import read_trial, select_trials

TrialSort = Literal["number", "state", "value", "line", "arch_id"]
StudySort = Literal["name", "state", "created_at"]
_Row = TypeVar("_Row")


@dataclasses.dataclass(frozen=True)
class Cut:
    """Which part of a sorted list is wanted."""

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
    """Which trials are wanted; None lets all pass. `line` is a part of it, large and small letters alike."""

    state: TrialState | None = None
    least: float | None = None
    most: float | None = None
    line: str | None = None
    arch_id: str | None = None


def page_trials(
    connection: Connection, study_id: int, wanted: TrialFilter, sort: TrialSort, cut: Cut
) -> Page[TrialRow]:
    """Trials of a study, repeats included; those without a value stand last, equals stand in order of number."""
    query = select_trials(study_id).where(*_trial_conditions(wanted))
    column = _TRIAL_COLUMNS[sort]
    ordered: list[ColumnElement[Any]] = [column.desc().nulls_last() if cut.descending else column.asc().nulls_last()]
    if sort != "number":
        ordered.append(trials.c.number)
    return Page(
        _count(connection, query),
        tuple(map(read_trial, connection.execute(query.order_by(*ordered).limit(cut.limit).offset(cut.offset)))),
    )


def page_studies(
    connection: Connection, part: str | None, state: StudyState | None, sort: StudySort, cut: Cut
) -> Page[StudyRow]:
    """Studies whose name has this part, large and small letters alike."""
    query = select_studies()
    if part:
        query = query.where(studies.c.name.icontains(part, autoescape=True))
    if state is not None:
        query = query.where(shown_state.element == state)
    column = shown_state.element if sort == "state" else studies.c[sort]
    ordered = query.order_by(column.desc() if cut.descending else column.asc(), studies.c.name)
    return Page(
        _count(connection, query),
        tuple(map(read_study, connection.execute(ordered.limit(cut.limit).offset(cut.offset)))),
    )


_TRIAL_COLUMNS: dict[TrialSort, ColumnElement[Any]] = {
    "number": trials.c.number,
    "state": trials.c.state,
    "value": trials.c.value,
    "line": specs.c.line,
    "arch_id": specs.c.arch_id,
}


def _trial_conditions(wanted: TrialFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(trials.c.state == wanted.state)
    if wanted.least is not None:
        found.append(trials.c.value >= wanted.least)
    if wanted.most is not None:
        found.append(trials.c.value <= wanted.most)
    if wanted.line:
        found.append(specs.c.line.icontains(wanted.line, autoescape=True))
    if wanted.arch_id is not None:
        found.append(specs.c.arch_id == wanted.arch_id)
    return found


def _count(connection: Connection, query: Select[Any]) -> int:
    return connection.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
