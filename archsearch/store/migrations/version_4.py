"""Version 4: `candidate` of a wiring becomes `cell_input`: in definitions, choices, lines and Optuna's copy of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from alembic.operations import Operations
from sqlalchemy import ColumnElement, Connection, Row, TableClause, and_, bindparam, column, inspect, select, table

from archsearch.schema.canonical import canonical_json, ordered_json

_OLD, _NEW = "candidate", "cell_input"
_IN_LINE = re.compile(r', candidate (?=\w+(?:[,;"]|$))')


def _table(name: str, *columns: str) -> TableClause:
    return table(name, *map(column, columns))


_studies = _table("archsearch_studies", "id", "name", "definition")
_trials = _table("archsearch_trials", "study_id", "number", "choices")
_specs = _table("archsearch_specs", "spec_id", "line")
_optuna_studies = _table("studies", "study_id", "study_name")
_optuna_owned = _table("study_user_attributes", "study_id", "key")
_optuna_trials = _table("trials", "study_id", "trial_id")
_optuna_choices = _table("trial_params", "trial_id", "param_name")
_optuna_attributes = _table("trial_user_attributes", "trial_user_attribute_id", "trial_id", "key", "value_json")


def upgrade(operations: Operations) -> None:
    """Rename the field where the space of a study is a wiring; in a cell, `candidate` is a name that its file chose."""
    connection = operations.get_bind()
    _rewrite_lines(connection, _specs.c.spec_id, _specs.c.line)
    optuna = inspect(connection).has_table(_optuna_choices.name)
    for study, definition in list(_wiring_studies(connection)):
        connection.execute(_studies.update().where(_studies.c.id == study.id).values(definition=definition))
        _rename_choices(connection, study.id)
        if optuna:
            _rename_in_optuna(connection, study.name)


def _wiring_studies(connection: Connection) -> Iterator[tuple[Row[Any], str]]:
    """Each study whose space is a wiring, with its new definition."""
    for row in connection.execute(select(_studies)):
        definition = json.loads(row.definition)
        study = definition.get("study")
        space = study.get("space") if isinstance(study, dict) else None
        if isinstance(space, dict) and "wiring" in space:
            space.update({part: _renamed(space[part]) for part in ("wiring", "holes")})
            yield row, ordered_json(definition)


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    """The same entries in the same order."""
    return {_NEW if key == _OLD else key: value for key, value in values.items()}


def _rename_choices(connection: Connection, study_id: int) -> None:
    mine = _trials.c.study_id == study_id
    rows = connection.execute(select(_trials).where(mine, _trials.c.choices.contains(f'"{_OLD}":'))).all()
    changed = [{"trial": row.number, "renamed": canonical_json(_renamed(json.loads(row.choices)))} for row in rows]
    update = _trials.update().where(mine, _trials.c.number == bindparam("trial"))
    if changed:
        connection.execute(update.values(choices=bindparam("renamed")), changed)


def _rename_in_optuna(connection: Connection, name: str) -> None:
    """Rename in the copy of a study; one that a user has made with Optuna itself is left alone."""
    owned = select(_optuna_owned.c.study_id).where(_optuna_owned.c.key == "archsearch")
    study = select(_optuna_studies.c.study_id).where(_optuna_studies.c.study_name == name)
    mine = and_(_optuna_trials.c.study_id.in_(study), _optuna_trials.c.study_id.in_(owned))
    trials = select(_optuna_trials.c.trial_id).where(mine)
    old = and_(_optuna_choices.c.param_name == _OLD, _optuna_choices.c.trial_id.in_(trials))
    connection.execute(_optuna_choices.update().where(old).values(param_name=_NEW))
    attributes = _optuna_attributes.c
    lines = and_(attributes.key == "line", attributes.trial_id.in_(trials))
    _rewrite_lines(connection, attributes.trial_user_attribute_id, attributes.value_json, lines)


def _rewrite_lines(
    connection: Connection, key: ColumnElement[Any], line: ColumnElement[str], *conditions: ColumnElement[bool]
) -> None:
    rows = connection.execute(select(key, line).where(*conditions, line.contains(f", {_OLD} "))).all()
    changed = [{"row": row, "renamed": _IN_LINE.sub(", cell input ", old)} for row, old in rows]
    update = key.table.update().where(key == bindparam("row")).values({line.name: bindparam("renamed")})
    if changed:
        connection.execute(update, changed)
