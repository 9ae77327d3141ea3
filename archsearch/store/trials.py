"""Queries on trials: the proposals of the search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select

from archsearch.schema.canonical import canonical_json
from archsearch.schema.states import TrialState
from archsearch.store import AlreadyCounted, Choice, NewEntry, SpecRow, TrialEnd, TrialRow
from archsearch.store.entries import add_entries
from archsearch.store.tables import by_code_points, matching, runs, specs, trials

Choices = Mapping[str, Choice]

_TAKEN = matching(trials.c.study_id, trials.c.number)
_ADD = trials.insert()
_OF_SPEC = (
    select(trials.c.number)
    .where(trials.c.study_id == bindparam("study_id"), trials.c.spec_id == bindparam("spec_id"))
    .where(trials.c.repeat_of.is_(None))
)
_RUNNING = trials.update().where(trials.c.study_id == bindparam("study"), trials.c.state == "running")
_END = _RUNNING.where(trials.c.number == bindparam("trial"), trials.c.repeat_of.is_(None))
_END_REPEATS = _RUNNING.where(trials.c.repeat_of == bindparam("trial"))


def record_proposal(
    connection: Connection, at: str, study_id: int, number: int, choices: Choices, spec: SpecRow
) -> None:
    """Add a running trial with its spec and its entry in the search.

    `AlreadyCounted` when the number is taken, or when another trial of the study has the same spec.
    """
    earlier = connection.scalar(_OF_SPEC, {"study_id": study_id, "spec_id": spec.spec_id})
    if earlier is not None:
        raise AlreadyCounted(f"spec {spec.spec_id} is trial {earlier} of this study already")
    add_entries(connection, study_id, "search", [NewEntry("candidate", spec)])
    _insert(connection, study_id, number, choices, spec_id=spec.spec_id, state="running", proposed_at=at)


def record_repeat(
    connection: Connection, at: str, study_id: int, number: int, choices: Choices, repeat_of: int
) -> TrialRow:
    """Add a trial with the spec, state and value of trial `repeat_of`; while that one runs, both end together."""
    first = get_trial(connection, study_id, repeat_of)
    if first.repeat_of is not None or first.spec_id is None:
        raise ValueError(f"trial {repeat_of} cannot be repeated: it is a repeat or has no spec")
    _insert(
        connection,
        study_id,
        number,
        choices,
        spec_id=first.spec_id,
        state=first.state,
        value=first.value,
        repeat_of=repeat_of,
        proposed_at=at,
        finished_at=None if first.state == "running" else at,
    )
    return get_trial(connection, study_id, number)


def record_refusal(connection: Connection, at: str, study_id: int, number: int, choices: Choices, reason: str) -> None:
    """Add a failed trial from whose choices no spec could be made."""
    kept = clean(reason)
    _insert(connection, study_id, number, choices, state="failed", reason=kept, proposed_at=at, finished_at=at)


def finish_trial(connection: Connection, at: str, study_id: int, end: TrialEnd) -> None:
    """End a running trial and the running repeats of it; `AlreadyCounted` when it has ended before."""
    ended = {"state": end.state, "value": end.value, "finished_at": at}
    if connection.execute(_END, {"study": study_id, "trial": end.number, **ended}).rowcount != 1:
        raise AlreadyCounted(f"trial {end.number} is not running: it has ended before, or is a repeat")
    connection.execute(_END_REPEATS, {"study": study_id, "trial": end.number, **ended})


def list_trials(connection: Connection, study_id: int, state: TrialState | None = None) -> tuple[TrialRow, ...]:
    """The trials of a study by number, repeats included."""
    query = select_trials(study_id).order_by(trials.c.number)
    if state is not None:
        query = query.where(trials.c.state == state)
    return tuple(map(read_trial, connection.execute(query)))


def usual_failure(connection: Connection, study_id: int) -> tuple[str, int] | None:
    """What candidates have failed of most often in the search, and how often; a proposal that makes no cell is one."""
    mine = (trials.c.study_id == study_id, trials.c.repeat_of.is_(None))
    of_trial = (runs.c.study_id == study_id, runs.c.phase == "search", runs.c.spec_id == trials.c.spec_id)
    said = (func.coalesce(runs.c.kind, "no cell"), func.coalesce(runs.c.reason, trials.c.reason))
    query = select(*said, func.count()).select_from(trials.outerjoin(runs, and_(*of_trial)))
    failed = (trials.c.state == "failed", or_(runs.c.kind.is_not(None), trials.c.spec_id.is_(None)))
    order = (func.count().desc(), *map(by_code_points, said))
    row = connection.execute(query.where(*mine, *failed).group_by(*said).order_by(*order)).first()
    return None if row is None else (f"{row[0]}: {row[1]}", row[2])


def get_trial(connection: Connection, study_id: int, number: int) -> TrialRow:
    """The trial with this number; `ValueError` when there is none."""
    trial = find_trial(connection, study_id, number)
    if trial is None:
        raise ValueError(f"study {study_id} has no trial {number}")
    return trial


def find_trial(connection: Connection, study_id: int, number: int) -> TrialRow | None:
    """The trial with this number."""
    row = connection.execute(select_trials(study_id).where(trials.c.number == number)).first()
    return None if row is None else read_trial(row)


def trial_of_spec(connection: Connection, study_id: int, spec_id: str) -> TrialRow | None:
    """The trial that proposed a spec first."""
    query = select_trials(study_id).where(trials.c.spec_id == spec_id, trials.c.repeat_of.is_(None))
    row = connection.execute(query).first()
    return None if row is None else read_trial(row)


def best_trial(connection: Connection, study_id: int) -> TrialRow | None:
    """The complete trial with the best value; of equals the earliest one."""
    complete = (trials.c.study_id == study_id, trials.c.state == "complete", trials.c.repeat_of.is_(None))
    best = select(trials.c.number).where(*complete).order_by(trials.c.value.desc(), trials.c.number).limit(1)
    number = connection.scalar(best)  # sorting whole rows would take twice as long
    return None if number is None else find_trial(connection, study_id, number)


def clean(reason: str, limit: int = 4000) -> str:
    """A failure's reason as the database can hold it: short, without NUL and lone surrogates."""
    text = reason[:limit].replace("\0", "\\x00")
    return text.encode("utf-8", "backslashreplace").decode()


def _insert(connection: Connection, study_id: int, number: int, choices: Choices, **values: object) -> None:
    key = {"study_id": study_id, "number": number}
    if connection.execute(_TAKEN, key).first() is not None:
        raise AlreadyCounted(f"trial {number} is recorded already")
    connection.execute(_ADD, {**key, "choices": canonical_json(dict(choices)), **values})


def select_trials(study_id: int) -> Select[Any]:
    """The trials of a study with what `read_trial` reads."""
    query = select(trials, specs.c.arch_id, specs.c.line).join(specs, isouter=True)
    return query.where(trials.c.study_id == study_id)


def read_trial(row: Row[Any]) -> TrialRow:
    """A trial from a row of `select_trials`."""
    values = dict(row._mapping)
    del values["study_id"]
    values["choices"] = json.loads(values["choices"])
    values["line"] = values["line"] or ""
    return TrialRow(**values)
