"""A copy of a study's finished trials in Optuna's own tables of the same database, for Optuna's tools to read.

Our tables are the truth, and Optuna makes its own ones. The copy is written in bulk by the study's owner and deleted
with the study; a study that a user has made with Optuna itself is left alone.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Select,
    TableClause,
    column,
    delete,
    exists,
    func,
    inspect,
    select,
    table,
)

from archsearch.errors import quoted
from archsearch.store import ForeignStudy

OWNER = "archsearch"
"""User attribute of a study that is a copy."""

NUMBER = "archsearch_number"
"""User attribute of a trial: its number in our tables, which is not Optuna's where trials are missing."""


def _table(name: str, *names: str, times: Sequence[str] = ()) -> TableClause:
    return table(name, *map(column, names), *(column(time, DateTime) for time in times))


_STUDIES = _table("studies", "study_id", "study_name")
_DIRECTIONS = _table("study_directions", "study_id", "objective", "direction")
_STUDY_ATTRIBUTES = _table("study_user_attributes", "study_id", "key", "value_json")
_TRIALS = _table("trials", "trial_id", "study_id", "number", "state", times=("datetime_start", "datetime_complete"))
_VALUES = _table("trial_values", "trial_id", "objective", "value", "value_type")
_PARAMETERS = _table("trial_params", "trial_id", "param_name", "param_value", "distribution_json")
_ATTRIBUTES = _table("trial_user_attributes", "trial_id", "key", "value_json")
_REPORTS = _table("trial_intermediate_values", "trial_id", "step", "intermediate_value", "intermediate_value_type")
_OF_TRIALS = (_VALUES, _PARAMETERS, _ATTRIBUTES, _REPORTS, *(
    _table(name, "trial_id") for name in ("trial_system_attributes", "trial_heartbeats")
))  # fmt: skip
_OF_STUDIES = (_TRIALS, _DIRECTIONS, _STUDY_ATTRIBUTES, _table("study_system_attributes", "study_id"))


@dataclasses.dataclass(frozen=True)
class TrialCopy:
    """A finished trial in Optuna's terms.

    number: ours. state: the name of Optuna's. began, ended: UTC without a zone. parameters: by hole, the number that
    Optuna keeps for the choice and the JSON of its distribution.
    """

    number: int
    state: str
    value: float | None
    began: datetime
    ended: datetime
    parameters: Mapping[str, tuple[float, str]]
    attributes: Mapping[str, object]
    reports: Sequence[tuple[int, float]]


def check_copy(connection: Connection, name: str) -> None:
    """Raise `ForeignStudy` where a user has made a study of this name, with trials, with Optuna itself."""
    if _has_tables(connection) and connection.scalar(_of_name(name).where(~_is_copy(), _has_trials())) is not None:
        raise ForeignStudy(f"the database holds an Optuna study {quoted(name)} already: rename one of the two")


def copied_trials(connection: Connection, name: str) -> frozenset[int]:
    """Our numbers of the trials that are in the copy of a study."""
    if not _has_tables(connection):
        return frozenset()
    studies = _of_name(name).where(_is_copy())
    trials = select(_TRIALS.c.trial_id).where(_TRIALS.c.study_id.in_(studies))
    query = select(_ATTRIBUTES.c.value_json).where(_ATTRIBUTES.c.key == NUMBER, _ATTRIBUTES.c.trial_id.in_(trials))
    return frozenset(map(int, connection.scalars(query)))


def add_copies(connection: Connection, name: str, trials: Sequence[TrialCopy]) -> None:
    """Add those of the trials that are missing. Optuna's tables must be there."""
    check_copy(connection, name)
    known = copied_trials(connection, name)
    new = [trial for trial in trials if trial.number not in known]
    study = _make_study(connection, name)
    first = connection.scalar(select(func.count()).select_from(_TRIALS).where(_TRIALS.c.study_id == study)) or 0
    rows = [
        {"study_id": study, "number": number, "state": trial.state}
        | {"datetime_start": trial.began, "datetime_complete": trial.ended}
        for number, trial in enumerate(new, start=first)
    ]
    _insert(connection, _TRIALS, rows)
    mine = (_TRIALS.c.study_id == study, _TRIALS.c.number >= first)
    ids = connection.scalars(select(_TRIALS.c.trial_id).where(*mine).order_by(_TRIALS.c.number)).all()
    for table_, rows in _details(dict(zip(ids, new, strict=True))).items():
        _insert(connection, table_, rows)


def _details(trials: Mapping[int, TrialCopy]) -> dict[TableClause, list[dict[str, object]]]:
    """The rows of trials in other tables than that of the trials, by table; `trials` by Optuna's id."""
    finite = "FINITE"  # scores and reports always are
    return {
        _VALUES: [
            {"trial_id": trial_id, "objective": 0, "value": trial.value, "value_type": finite}
            for trial_id, trial in trials.items()
            if trial.value is not None
        ],
        _PARAMETERS: [
            {"trial_id": trial_id, "param_name": name, "param_value": number, "distribution_json": distribution}
            for trial_id, trial in trials.items()
            for name, (number, distribution) in trial.parameters.items()
        ],
        _ATTRIBUTES: [
            {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}
            for trial_id, trial in trials.items()
            for key, value in {NUMBER: trial.number, **trial.attributes}.items()
        ],
        _REPORTS: [
            {"trial_id": trial_id, "step": check, "intermediate_value": value, "intermediate_value_type": finite}
            for trial_id, trial in trials.items()
            for check, value in trial.reports
        ],
    }


def delete_copy(connection: Connection, name: str) -> None:
    """Delete the copy of a study, if there is one."""
    if not _has_tables(connection):
        return
    studies = list(connection.scalars(_of_name(name).where(_is_copy())))
    trials = select(_TRIALS.c.trial_id).where(_TRIALS.c.study_id.in_(studies))
    for of_trial in _OF_TRIALS:
        connection.execute(delete(of_trial).where(of_trial.c.trial_id.in_(trials)))
    for of_study in (*_OF_STUDIES, _STUDIES):
        connection.execute(delete(of_study).where(of_study.c.study_id.in_(studies)))


def _has_tables(connection: Connection) -> bool:
    """Whether Optuna has made its tables; all of them are made at once."""
    return inspect(connection).has_table(_REPORTS.name)


def _of_name(name: str) -> Select[tuple[Any]]:
    return select(_STUDIES.c.study_id).where(_STUDIES.c.study_name == name)


def _is_copy() -> ColumnElement[bool]:
    return exists().where(_STUDY_ATTRIBUTES.c.study_id == _STUDIES.c.study_id, _STUDY_ATTRIBUTES.c.key == OWNER)


def _has_trials() -> ColumnElement[bool]:
    return exists().where(_TRIALS.c.study_id == _STUDIES.c.study_id)


def _make_study(connection: Connection, name: str) -> int:
    """The id of the study in Optuna's tables, which is made where it is missing."""
    study = connection.scalar(_of_name(name))
    if study is None:
        connection.execute(_STUDIES.insert().values(study_name=name))
        study = connection.scalar(_of_name(name))
        connection.execute(_DIRECTIONS.insert().values(study_id=study, objective=0, direction="MAXIMIZE"))
    if connection.scalar(_of_name(name).where(_is_copy())) is None:
        connection.execute(_STUDY_ATTRIBUTES.insert().values(study_id=study, key=OWNER, value_json="true"))
    return int(study)


def _insert(connection: Connection, table_: TableClause, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        connection.execute(table_.insert(), rows)
