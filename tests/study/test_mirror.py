"""Optuna's own tables hold each finished trial once, whatever happens."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import optuna
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from archsearch.errors import Refused
from archsearch.store import TrialRow, Unavailable
from archsearch.store.store import Store
from archsearch.study.mirror import Mirror, delete_mirror
from archsearch.study.optuna_trials import Distributions
from archsearch.study.progress import Note
from tests.study.child import CONTEXT
from tests.study.optuna_tables import make_optuna_study, optuna_numbers, optuna_trials
from tests.study.samples import complete, small, snapshot

REPORTS = [(1, 0.2), (2, 0.4)]
DISTRIBUTIONS = Distributions(small().candidates)


def row(number: int, **changes: object) -> TrialRow:
    at, end = "2026-03-01T10:00:00.000000+00:00", "2026-03-01T11:00:00.000000+00:00"
    choices = {"keep": "f * g", "reads.x": "no", "phi": "tanh"}
    found = TrialRow(number, dict(choices), "s", "a", "line", "complete", 0.5, None, "", at, end)
    for name, value in changes.items():
        object.__setattr__(found, name, value)
    return found


@pytest.fixture
def mirror(url: str) -> Iterator[Mirror]:
    Store.create(url).close()
    found = Mirror(url, "small", DISTRIBUTIONS)
    yield found
    found.close()


def test_a_trial_is_there_as_it_was(url: str, mirror: Mirror) -> None:
    mirror.add(row(7), REPORTS)
    (trial,) = optuna_trials(url)
    assert trial.state == optuna.trial.TrialState.COMPLETE
    assert trial.value == 0.5
    assert trial.params == {"keep": "f * g", "reads.x": "no", "phi": "tanh"}
    assert trial.distributions["keep"] == optuna.distributions.CategoricalDistribution(
        ["f * g", "f * h_prev + g", "f * lost"]
    )
    assert trial.intermediate_values == dict(REPORTS)
    assert trial.user_attrs == {"archsearch_number": 7, "spec_id": "s", "arch_id": "a", "line": "line"}
    start = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC).astimezone().replace(tzinfo=None)
    assert trial.datetime_start == start
    assert trial.duration == dt.timedelta(hours=1)


def test_every_end_of_a_trial_is_kept(url: str, mirror: Mirror) -> None:
    mirror.add(row(0, state="pruned", value=0.2), REPORTS[:1])
    mirror.add(row(1, state="failed", value=None), ())
    mirror.add(row(2, state="failed", value=None, spec_id=None, arch_id=None, line="", reason="unsound"), ())
    mirror.add(row(3, repeat_of=0, state="pruned", value=None), ())
    found = optuna_trials(url)
    assert [trial.state.name for trial in found] == ["PRUNED", "FAIL", "FAIL", "PRUNED"]
    assert found[2].user_attrs == {"archsearch_number": 2, "reason": "unsound"}
    assert found[3].user_attrs["repeat_of"] == 0


def test_no_trial_is_there_twice(url: str, mirror: Mirror) -> None:
    mirror.add(row(0), ())
    mirror.add(row(0), ())
    again = Mirror(url, "small", DISTRIBUTIONS)
    assert 0 in again
    assert 1 not in again
    again.add(row(0), ())
    again.add(row(1), ())
    again.close()
    assert [trial.user_attrs["archsearch_number"] for trial in optuna_trials(url)] == [0, 1]


def die_at_commit(url: str) -> None:
    found = Mirror(url, "small", DISTRIBUTIONS)
    event.listen(found._storage.engine, "commit", lambda connection: os._exit(9))
    found.add(row(0), REPORTS)


def test_a_death_while_a_trial_is_added_leaves_nothing_of_it(url: str, mirror: Mirror) -> None:
    """One transaction of Optuna's: a half-written trial cannot be."""
    process = CONTEXT.Process(target=die_at_commit, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert optuna_trials(url) == []
    mirror.add(row(0), REPORTS)
    assert len(optuna_trials(url)) == 1


def test_trials_that_a_crash_left_out_are_added_when_the_study_goes_on(url: str, tmp_path: Path) -> None:
    complete(small(), url)
    before = optuna_numbers(url)
    with sqlite3.connect(tmp_path / "study.db") as connection:
        for table in ("trial_values", "trial_params", "trial_user_attributes", "trial_intermediate_values"):
            connection.execute(f"DELETE FROM {table} WHERE trial_id IN (SELECT trial_id FROM trials WHERE number > 3)")
        connection.execute("DELETE FROM trials WHERE number > 3")
    connection.close()
    assert len(optuna_trials(url)) == 4
    complete(small(), url)
    assert optuna_numbers(url) == before


def test_a_study_that_somebody_made_with_optuna_is_left_alone(url: str) -> None:
    Store.create(url).close()
    make_optuna_study(url)
    with pytest.raises(Refused, match="holds an Optuna study 'small' already: rename one of the two"):
        Mirror(url, "small", DISTRIBUTIONS)


def test_a_path_with_braces_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "a {b} {0}"
    folder.mkdir()
    url = f"sqlite:///{folder / 'study.db'}"
    complete(small(search={"trials": 1}, baselines=[]), url)
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".db") == ["study.db"]


@contextlib.contextmanager
def locked(url: str, how: str) -> Iterator[None]:
    """Within, another connection has the database to itself (EXCLUSIVE), or is the only one that writes (IMMEDIATE)."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute(f"BEGIN {how}")
    yield
    connection.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.study.mirror._TIMEOUT", 0.01)
    monkeypatch.setattr("optuna.storages._rdb.storage.time.sleep", lambda seconds: None)  # it tries five times


USES: dict[str, Callable[[str], object]] = {
    "open": lambda url: Mirror(url, "small", DISTRIBUTIONS),
    "delete": lambda url: delete_mirror(url, "small"),
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("begun", [True, False], ids=["begun", "new"])
def test_a_database_that_stays_locked_is_unavailable_in_one_line(begun: bool, use: str, how: str, url: str) -> None:
    """For the time being: the study is whole, and may be run again. A new one has no tables of Optuna's yet."""
    Store.create(url).close()
    if begun:
        Mirror(url, "small", DISTRIBUTIONS).close()
    with locked(url, how), pytest.raises(Unavailable) as caught:
        USES[use](url)
    assert re.fullmatch(r"(Optuna's tables of study 'small'|the database /\S+) .*\blocked\b.*", str(caught.value))
    again = Mirror(url, "small", DISTRIBUTIONS)
    again.add(row(0), ())
    again.close()
    assert len(optuna_trials(url)) == 1


@pytest.mark.usefixtures("impatient")
def test_a_trial_that_a_lock_keeps_out_is_added_later(url: str) -> None:
    Store.create(url).close()
    mirror = Mirror(url, "small", DISTRIBUTIONS)
    said = r"^Optuna's tables of study 'small' cannot be written: \(sqlite3\.OperationalError\) database is locked$"
    with locked(url, "IMMEDIATE"), pytest.raises(Unavailable, match=said):
        mirror.add(row(0), REPORTS)
    assert 0 not in mirror
    mirror.add(row(0), REPORTS)
    mirror.close()
    assert [trial.intermediate_values for trial in optuna_trials(url)] == [dict(REPORTS)]


@pytest.mark.parametrize("got_through", [False, True], ids=["refused", "answer lost"])
def test_trouble_with_the_copy_costs_the_study_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, got_through: bool
) -> None:
    """Each trial fails to be added once; the copy is complete in the end, and holds none twice."""
    other = f"sqlite:///{tmp_path / 'other.db'}"
    complete(small(), other)
    add_trial, failed = optuna.Study.add_trial, set()

    def fail_once(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        number = trial.user_attrs["archsearch_number"]
        if number in failed or got_through:
            add_trial(study, trial)
        if number not in failed:
            failed.add(number)
            raise optuna.exceptions.StorageInternalError from OperationalError(
                "", {}, sqlite3.OperationalError("is locked")
            )

    monkeypatch.setattr(optuna.Study, "add_trial", fail_once)
    events = complete(small(), url)
    assert not [each for each in events if isinstance(each, Note) and "lacks trials" in each.text]
    assert snapshot(url) == snapshot(other)
    assert optuna_numbers(url) == list(range(len(optuna_trials(other))))
