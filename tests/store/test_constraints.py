"""What the database itself refuses, asked by raw SQL past every check of ours."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from archsearch.store import StudyRow, TrialEnd
from tests.databases.raw import transaction
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import ENVIRONMENT, KILLED, key, propose, run, spec


@pytest.fixture
def raw(url: str, store: FreeStore, study: StudyRow) -> Iterator[Connection]:
    """A plain connection to a database that holds one of everything."""
    propose(store, study.id, 0)
    propose(store, study.id, 1)
    end = TrialEnd(0, "complete", 0.5)
    store.record_completion(run(study.id, 0), key(0), score(test=0.5), ENVIRONMENT, weights=b"w", trial=end)
    store.record_failure(run(study.id, 0, 1), KILLED)
    store.record_pruned(run(study.id, 0, 2), key(0, seed=2), ENVIRONMENT, seconds=1)
    with transaction(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        yield connection


def copy(raw: Connection, table: str, where: str, **changes: object) -> None:
    """Insert a copy of the one row that `where` finds, with changes."""
    (row,) = raw.execute(text(f"SELECT * FROM archsearch_{table} WHERE {where}")).mappings()
    values = dict(row) | changes
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    raw.execute(text(f"INSERT INTO archsearch_{table} ({columns}) VALUES ({marks})"), values)


def update(raw: Connection, table: str, where: str, **changes: object) -> None:
    """Change the rows that `where` finds."""
    assignments = ", ".join(f"{name} = :{name}" for name in changes)
    raw.execute(text(f"UPDATE archsearch_{table} SET {assignments} WHERE {where}"), changes)


@contextlib.contextmanager
def refused(raw: Connection, why: str, error: type[DBAPIError] = IntegrityError) -> Iterator[None]:
    """The database refuses what is done, and says why."""
    with pytest.raises(error, match=f"(?i){why}"), raw.begin_nested():
        yield


def test_a_legal_copy_is_accepted(raw: Connection) -> None:
    """The refusals below are due to their one change."""
    copy(raw, "evaluations", "state = 'complete'", id=10, key="another")
    copy(raw, "evaluations", "state = 'pruned'", id=11)
    copy(raw, "trials", "number = 0", number=10, repeat_of=0)
    copy(raw, "trials", "number = 0", number=11, state="failed", value=None, spec_id=None)
    copy(raw, "runs", "seed_index = 0", seed_index=10)
    copy(raw, "runs", "seed_index = 1", seed_index=11)
    copy(raw, "entries", f"spec_id = '{spec(0).spec_id}'", id=10, label="again")


def test_a_score_outside_of_0_and_1_is_refused(raw: Connection) -> None:
    values = (math.inf, -math.inf, math.nan, None, 1.0000001, -0.0000001)
    for column, value in itertools.product(("objective", "final", "best"), values):
        with refused(raw, "check"):
            copy(raw, "evaluations", "state = 'complete'", id=10, key="another", **{column: value})
        with refused(raw, "check"):
            update(raw, "evaluations", "state = 'complete'", **{column: value})
    for value in (math.inf, -math.inf, math.nan, 1.5, -0.5):
        if value == value or raw.dialect.name != "sqlite":
            with refused(raw, "check"):
                update(raw, "evaluations", "state = 'complete'", test=value)


@pytest.mark.parametrize("value", ["text", b"blob"])
def test_a_score_that_is_no_number_is_refused(raw: Connection, value: object) -> None:
    for column in ("objective", "final", "best", "test", "seconds"):
        with refused(raw, "check|type", DBAPIError):
            update(raw, "evaluations", "state = 'complete'", **{column: value})


def test_seconds_are_finite(raw: Connection) -> None:
    for value in (math.inf, math.nan, -1.0, None):
        with refused(raw, ""):
            update(raw, "evaluations", "true", seconds=value)


def test_a_complete_evaluation_has_a_whole_score(raw: Connection) -> None:
    for column in ("solved", "curve", "parameters", "operations", "stages", "weights_hash"):
        with refused(raw, "complete_has_score"):
            update(raw, "evaluations", "state = 'complete'", **{column: None})


def test_a_key_is_complete_once(raw: Connection) -> None:
    with refused(raw, "unique"):
        copy(raw, "evaluations", "state = 'complete'", id=10)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"number": 0}, "unique"),
        ({"repeat_of": None}, "unique"),
        ({"repeat_of": 99}, "foreign key"),
        ({"value": math.inf}, "value_in_unit"),
        ({"value": math.nan}, "complete_has_value|value_in_unit"),
        ({"state": "failed"}, "value_is_an_end"),
        ({"state": "better"}, "state"),
        ({"spec_id": None}, "spec_or_failed"),
        ({"finished_at": None}, "finished_at"),
    ],
)
def test_an_impossible_trial_is_refused(raw: Connection, change: dict[str, object], constraint: str) -> None:
    with refused(raw, constraint):
        copy(raw, "trials", "number = 0", **{"number": 10, "repeat_of": 0} | change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "unique"),
        ({"seed_index": 9, "kind": "killed", "reason": "x"}, "evaluation_or_failure"),
        ({"seed_index": 9, "evaluation_id": None}, "evaluation_or_failure"),
        ({"seed_index": 9, "evaluation_id": None, "kind": "killed"}, "failure_has_reason"),
        ({"seed_index": 9, "evaluation_id": 99}, "foreign key"),
        ({"seed_index": 9, "spec_id": "nobody"}, "foreign key"),
        ({"seed_index": 9, "phase": "final"}, "phase"),
    ],
)
def test_an_impossible_run_is_refused(raw: Connection, change: dict[str, object], constraint: str) -> None:
    with refused(raw, constraint):
        copy(raw, "runs", "seed_index = 0", **change)


def test_an_entry_is_there_once(raw: Connection) -> None:
    with refused(raw, "unique"):
        copy(raw, "entries", f"spec_id = '{spec(0).spec_id}'", id=10)


def test_what_others_refer_to_cannot_be_deleted(raw: Connection) -> None:
    for table in ("studies", "specs", "architectures", "environments", "evaluations"):
        with refused(raw, "foreign key"):
            raw.execute(text(f"DELETE FROM archsearch_{table}"))
