"""What the database itself refuses, asked by raw SQL past every check of ours."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archsearch.store import StudyRow, TrialEnd
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import ENVIRONMENT, KILLED, key, propose, run, spec


@pytest.fixture
def raw(store: FreeStore, study: StudyRow, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to a database that holds one of everything."""
    propose(store, study.id, 0)
    propose(store, study.id, 1)
    end = TrialEnd(0, "complete", 0.5)
    store.record_completion(run(study.id, 0), key(0), score(test=0.5), ENVIRONMENT, weights=b"w", trial=end)
    store.record_failure(run(study.id, 0, 1), KILLED)
    store.record_pruned(run(study.id, 0, 2), key(0, seed=2), ENVIRONMENT, seconds=1)
    connection = sqlite3.connect(tmp_path / "study.db")
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def copy(raw: sqlite3.Connection, table: str, where: str, **changes: object) -> None:
    """Insert a copy of the one row that `where` finds, with changes."""
    raw.row_factory = sqlite3.Row
    (row,) = raw.execute(f"SELECT * FROM archsearch_{table} WHERE {where}").fetchall()
    values = dict(row) | changes
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    raw.execute(f"INSERT INTO archsearch_{table} ({columns}) VALUES ({marks})", tuple(values.values()))


def test_a_legal_copy_is_accepted(raw: sqlite3.Connection) -> None:
    """The refusals below are due to their one change."""
    copy(raw, "evaluations", "state = 'complete'", id=10, key="another")
    copy(raw, "evaluations", "state = 'pruned'", id=11)
    copy(raw, "trials", "number = 0", number=10, repeat_of=0)
    copy(raw, "trials", "number = 0", number=11, state="failed", value=None, spec_id=None)
    copy(raw, "runs", "seed_index = 0", seed_index=10)
    copy(raw, "runs", "seed_index = 1", seed_index=11)
    copy(raw, "entries", f"spec_id = '{spec(0).spec_id}'", id=10, label="again")


@pytest.mark.parametrize("column", ["objective", "final", "best"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, None, 1.0000001, -0.0000001, "text", b"blob"])
def test_a_score_outside_of_0_and_1_is_refused(raw: sqlite3.Connection, column: str, value: object) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        copy(raw, "evaluations", "state = 'complete'", id=10, key="another", **{column: value})
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute(f"UPDATE archsearch_evaluations SET {column} = ? WHERE state = 'complete'", (value,))


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1.5, -0.5, "text"])
def test_a_test_score_outside_of_0_and_1_is_refused(raw: sqlite3.Connection, value: object) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute("UPDATE archsearch_evaluations SET test = ?", (value,))


@pytest.mark.parametrize("value", [math.inf, math.nan, -1.0, None])
def test_seconds_are_finite(raw: sqlite3.Connection, value: object) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("UPDATE archsearch_evaluations SET seconds = ?", (value,))


@pytest.mark.parametrize("column", ["solved", "curve", "parameters", "operations", "stages", "weights_hash"])
def test_a_complete_evaluation_has_a_whole_score(raw: sqlite3.Connection, column: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="complete_has_score"):
        raw.execute(f"UPDATE archsearch_evaluations SET {column} = NULL WHERE state = 'complete'")


def test_a_key_is_complete_once(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        copy(raw, "evaluations", "state = 'complete'", id=10)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"number": 0}, "UNIQUE"),
        ({"repeat_of": None}, "UNIQUE"),
        ({"repeat_of": 99}, "FOREIGN KEY"),
        ({"value": math.inf}, "value_in_unit"),
        ({"value": math.nan}, "complete_has_value"),
        ({"state": "failed"}, "value_is_an_end"),
        ({"state": "better"}, "state"),
        ({"spec_id": None}, "spec_or_failed"),
        ({"finished_at": None}, "finished_at"),
    ],
)
def test_an_impossible_trial_is_refused(raw: sqlite3.Connection, change: dict[str, object], constraint: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=constraint):
        copy(raw, "trials", "number = 0", **{"number": 10, "repeat_of": 0} | change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "UNIQUE"),
        ({"seed_index": 9, "kind": "killed", "reason": "x"}, "evaluation_or_failure"),
        ({"seed_index": 9, "evaluation_id": None}, "evaluation_or_failure"),
        ({"seed_index": 9, "evaluation_id": None, "kind": "killed"}, "failure_has_reason"),
        ({"seed_index": 9, "evaluation_id": 99}, "FOREIGN KEY"),
        ({"seed_index": 9, "spec_id": "nobody"}, "FOREIGN KEY"),
        ({"seed_index": 9, "phase": "final"}, "phase"),
    ],
)
def test_an_impossible_run_is_refused(raw: sqlite3.Connection, change: dict[str, object], constraint: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=constraint):
        copy(raw, "runs", "seed_index = 0", **change)


def test_an_entry_is_there_once(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        copy(raw, "entries", f"spec_id = '{spec(0).spec_id}'", id=10)


def test_what_others_refer_to_cannot_be_deleted(raw: sqlite3.Connection) -> None:
    for table in ("studies", "specs", "architectures", "environments", "evaluations"):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            raw.execute(f"DELETE FROM archsearch_{table}")
