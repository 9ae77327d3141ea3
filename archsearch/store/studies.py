"""Queries on studies."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.score import TIME_LIMIT
from archsearch.store import AlreadyCounted, CoordinatorState, Counts, StudyRow
from archsearch.store.tables import attempts, by_code_points, entries, jobs, runs, studies, trials

shown_state = func.coalesce(jobs.c.state, studies.c.state).label("state")
"""A study's state as it is shown; only in queries of `select_studies`."""


def create_study(
    connection: Connection, name: str, definition: str, at: str, state: CoordinatorState = "running"
) -> StudyRow:
    """Add a study; `AlreadyCounted` when the name is taken."""
    check_text(name)
    if find_study(connection, name) is not None:
        raise AlreadyCounted(f"there is a study {quoted(name)} already")
    values = {"name": name, "definition": definition, "created_at": at, "state": state}
    key = connection.execute(studies.insert().values(values)).inserted_primary_key
    assert key is not None
    return StudyRow(id=key[0], name=name, definition=definition, created_at=at, state=state)


def check_text(name: str) -> None:
    """Raise `InvalidInput` for a name that a database cannot hold literally (NUL, lone surrogates)."""
    if "\0" in name or any("\ud800" <= char <= "\udfff" for char in name):
        raise InvalidInput(
            Problem(("study",), f"{quoted(name)} is not a valid name", "allowed: text without NUL and surrogates")
        )


def find_study(connection: Connection, name: str) -> StudyRow | None:
    """The study called exactly `name`."""
    check_text(name)
    row = connection.execute(select_studies().where(studies.c.name == name)).first()
    return None if row is None else read_study(row)


def list_studies(connection: Connection) -> tuple[StudyRow, ...]:
    """All studies, by name."""
    return tuple(map(read_study, connection.execute(select_studies().order_by(by_code_points(studies.c.name)))))


def select_studies() -> Select[Any]:
    """Studies with the state that is shown."""
    columns = (studies.c[name] for name in ("id", "name", "definition", "created_at"))
    return select(*columns, shown_state).select_from(studies.outerjoin(jobs))


def set_definition(connection: Connection, study_id: int, definition: str) -> None:
    """Replace the definition of a study."""
    _update(connection, study_id, definition=definition)


def set_state(connection: Connection, study_id: int, state: CoordinatorState) -> None:
    """Replace the state that the coordinator says."""
    _update(connection, study_id, state=state)


def set_fence(connection: Connection, study_id: int) -> int:
    """Give a study a new fencing number, under which nothing was written yet.

    It is a time in microseconds: also in a copy that is older than the last owner, no number comes twice.
    """
    last = connection.scalar(select(studies.c.fence).where(studies.c.id == study_id)) or 0
    fence = max(last + 1, time.time_ns() // 1000)
    _update(connection, study_id, fence=fence, writes=0)
    return fence


def progress(connection: Connection, study_id: int) -> Counts:
    """How far a study is."""
    mine = trials.c.study_id == study_id
    first = select(trials.c.state, func.count()).where(mine, trials.c.repeat_of.is_(None)).group_by(trials.c.state)
    repeats = select(func.count()).where(mine, trials.c.repeat_of.is_not(None))
    of_phases = (
        select(runs.c.phase, func.count(), func.count(runs.c.kind), func.count().filter(runs.c.kind == TIME_LIMIT))
        .where(runs.c.study_id == study_id)
        .group_by(runs.c.phase)
    )
    again = select(func.count()).where(attempts.c.study_id == study_id, attempts.c.final.is_(False))
    of_baselines = (entries.c.phase == "search", entries.c.role == "baseline")
    draws = select(func.count()).where(entries.c.study_id == study_id, *of_baselines)
    phases = connection.execute(of_phases).all()
    return Counts(
        trials=dict(connection.execute(first).all()),
        repeats=connection.scalar(repeats) or 0,
        runs={phase: number for phase, number, _, _ in phases},
        failed={phase: number for phase, _, number, _ in phases if number},
        attempts=connection.scalar(again) or 0,
        late=sum(number for *_, number in phases),
        draws=connection.scalar(draws) or 0,
    )


def stamp(connection: Connection, study_id: int) -> tuple[object, ...]:
    """Changes whenever a board of the study may have changed; that it was deleted is a change, too."""
    of_study = select_studies().where(studies.c.id == study_id)
    columns = (shown_state, studies.c.definition, studies.c.created_at)  # numbers of deleted studies are used again
    study = connection.execute(of_study.with_only_columns(*columns)).first() or ()
    counts = (connection.scalar(select(func.count()).where(table.c.study_id == study_id)) for table in (runs, entries))
    return (*study, *counts)


def _update(connection: Connection, study_id: int, **values: str | int) -> None:
    done = connection.execute(studies.update().where(studies.c.id == study_id).values(**values))
    if done.rowcount != 1:
        raise ValueError(f"there is no study with the id {study_id}")


def read_study(row: Row[Any]) -> StudyRow:
    """A study from a row of `select_studies`."""
    return StudyRow(**row._mapping)
