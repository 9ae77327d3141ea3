"""Optuna's own tables hold each finished trial once at the end of a phase and of a run, whatever happens."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import optuna
import pytest
from sqlalchemy import Engine, event

from archsearch.errors import Interrupted
from archsearch.store import ForeignStudy, TrialRow, Unavailable
from archsearch.store.optuna_copy import TrialCopy
from archsearch.store.owned import Owned, own_study
from archsearch.store.patience import Patience
from archsearch.store.store import Store
from archsearch.study import mirror
from archsearch.study.coordinator import run
from archsearch.study.mirror import Mirror, make_tables
from archsearch.study.optuna_trials import Distributions, to_optuna
from archsearch.study.progress import Event, Note
from tests.databases.fixtures import BOTH
from tests.databases.raw import execute, query
from tests.study.child import CONTEXT
from tests.study.optuna_tables import make_optuna_study, optuna_numbers, optuna_storage, optuna_trials
from tests.study.samples import complete, executor, small, snapshot

REPORTS = ((1, 0.2), (2, 0.4))
CANDIDATES = small().candidates
CHOICES = {"keep": "f * g", "reads.x": "no", "phi": "tanh"}


def row(number: int, **changes: Any) -> TrialRow:
    at, end = "2026-03-01T10:00:00.000000+00:00", "2026-03-01T11:00:00.000000+00:00"
    values = {"number": number, "choices": dict(CHOICES), "spec_id": "s", "arch_id": "a", "line": "line"}
    ended = {"state": "complete", "value": 0.5, "repeat_of": None, "reason": "", "proposed_at": at, "finished_at": end}
    return TrialRow(**{**values, **ended, **changes})


ROWS = [
    row(7),
    row(8, state="pruned", value=0.2),
    row(9, state="failed", value=None),
    row(11, state="failed", value=None, spec_id=None, arch_id=None, line="", reason="unsound"),
    row(12, repeat_of=8, state="pruned", value=None),
]


def copies(rows: list[TrialRow], store: Owned, url: str) -> list[TrialCopy]:
    made = Mirror(url, store, "small", CANDIDATES, dict, Patience())
    return [made._copy(each, REPORTS if each.state != "failed" else ()) for each in rows]


@pytest.fixture
def owned(url: str) -> Iterator[Owned]:
    """The study `small` with Optuna's tables."""
    Store.create(url).close()
    make_tables(url)
    with own_study(url, "small", small().text) as store:
        yield store


@BOTH
def test_a_copy_is_what_optuna_itself_would_have_written(url: str, owned: Owned) -> None:
    """Row for row, but for the ids, against Optuna's own `add_trial`."""
    owned.add_copies(copies(ROWS, owned, url))
    distributions = Distributions(CANDIDATES)
    with optuna_storage(url) as storage:
        other = optuna.create_study(study_name="other", storage=storage, direction="maximize")
        other.set_user_attr("archsearch", True)
        for each in ROWS:
            reports = REPORTS if each.state != "failed" else ()
            other.add_trial(to_optuna(each, distributions.of(each.choices), reports))
        copy = optuna.load_study(study_name="small", storage=storage)
        assert copy.directions == other.directions
        assert copy.user_attrs == other.user_attrs
        for mine, theirs in zip(copy.get_trials(), other.get_trials(), strict=True):
            theirs._trial_id = mine._trial_id
            assert mine == theirs
    assert stored_rows(url, "small") == stored_rows(url, "other")


def stored_rows(url: str, name: str) -> dict[str, list[Any]]:
    """The rows of a study in all of Optuna's tables for trials, without ids."""
    columns = {
        "trial_values": "objective, value, value_type",
        "trial_params": "param_name, param_value, distribution_json",
        "trial_user_attributes": "key, value_json",
        "trial_system_attributes": "key, value_json",
        "trial_intermediate_values": "step, intermediate_value, intermediate_value_type",
        "trial_heartbeats": "heartbeat",
    }
    of = f"JOIN studies USING (study_id) WHERE study_name = '{name}'"
    found = {"trials": query(url, f"SELECT number, state, datetime_start, datetime_complete FROM trials {of}")}
    for table, names in columns.items():
        found[table] = query(url, f"SELECT number, {names} FROM {table} JOIN trials USING (trial_id) {of}")
    return {table: sorted(rows, key=str) for table, rows in found.items()}


def test_a_trial_is_there_as_it_was(url: str, owned: Owned) -> None:
    owned.add_copies(copies([row(7)], owned, url))
    (trial,) = optuna_trials(url)
    assert trial.state == optuna.trial.TrialState.COMPLETE
    assert trial.value == 0.5
    assert trial.params == CHOICES
    assert trial.distributions["keep"] == optuna.distributions.CategoricalDistribution(
        ["f * g", "f * h_prev + g", "f * lost"]
    )
    assert trial.intermediate_values == dict(REPORTS)
    assert trial.user_attrs == {"archsearch_number": 7, "spec_id": "s", "arch_id": "a", "line": "line"}
    start = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC).astimezone().replace(tzinfo=None)
    assert trial.datetime_start == start
    assert trial.duration == dt.timedelta(hours=1)


def test_every_end_of_a_trial_is_kept(url: str, owned: Owned) -> None:
    owned.add_copies(copies(ROWS[1:], owned, url))
    found = optuna_trials(url)
    assert [trial.state.name for trial in found] == ["PRUNED", "FAIL", "FAIL", "PRUNED"]
    assert found[2].user_attrs == {"archsearch_number": 11, "reason": "unsound"}
    assert found[3].user_attrs["repeat_of"] == 8


@BOTH
def test_no_trial_is_there_twice(url: str, owned: Owned) -> None:
    owned.add_copies(copies([row(0), row(2)], owned, url))
    owned.add_copies(copies([row(0), row(1), row(2)], owned, url))
    owned.add_copies(copies([row(1)], owned, url))
    assert owned.copied_trials("small") == {0, 1, 2}
    trials = optuna_trials(url)
    assert [trial.user_attrs["archsearch_number"] for trial in trials] == [0, 2, 1]
    assert [trial.number for trial in trials] == [0, 1, 2], "Optuna counts them as they come"


def test_the_copy_of_another_study_is_another_one(url: str, owned: Owned) -> None:
    owned.add_copies(copies([row(0)], owned, url))
    with own_study(url, "twin", small(study="twin").text) as store:
        assert store.copied_trials("twin") == frozenset()
        store.add_copies(copies([row(0), row(1)], store, url))
        assert store.copied_trials("twin") == {0, 1}
    assert optuna_numbers(url) == [0]
    assert optuna_numbers(url, "twin") == [0, 1]


def die_at_commit(url: str) -> None:
    with own_study(url, "small", small().text) as store:
        event.listen(store._engine, "commit", lambda connection: os._exit(9))
        store.add_copies(copies([row(0), row(1)], store, url))


def test_a_death_while_trials_are_added_leaves_nothing_of_them(url: str) -> None:
    """One transaction: neither a half-written trial nor half of a batch can be."""
    Store.create(url).close()
    make_tables(url)
    process = CONTEXT.Process(target=die_at_commit, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    with optuna_storage(url) as storage:
        assert optuna.get_all_study_names(storage) == []


def mirrored(url: str) -> list[tuple[int, str, float | None]]:
    return sorted((t.user_attrs["archsearch_number"], t.state.name, t.value) for t in optuna_trials(url))


def finished(url: str) -> list[tuple[int, str, float | None]]:
    names = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}
    return [(each[0], names[each[5]], each[6]) for each in snapshot(url)["trials"] if each[5] != "running"]


@BOTH
@pytest.mark.usefixtures("log")
def test_the_copy_is_complete_when_the_search_ends_when_the_run_is_stopped_and_when_it_is_continued(url: str) -> None:
    moments: list[str] = []
    stop = threading.Event()

    def watch(moment: str) -> None:
        moments.append(moment)
        if moment == "evaluation recorded" and moments.count(moment) == 9:
            stop.set()
        if moment == "confirm entered":
            assert mirrored(url) == finished(url)
            assert len(finished(url)) == len(snapshot(url)["trials"])

    with pytest.raises(Interrupted):
        run(small(), url, 1, stop=stop, executor=executor(), fault=watch)
    assert 0 < len(finished(url)) < 7
    assert mirrored(url) == finished(url)
    assert moments[-1] == "mirrored"
    assert moments.count("mirrored") == 1, "once, in bulk"
    stop.clear()
    run(small(), url, 1, executor=executor(), fault=watch)
    assert moments.count("mirrored") == 2
    assert mirrored(url) == finished(url)
    run(small(search={"trials": 6}), url, 1, executor=executor(), fault=watch)
    assert mirrored(url) == finished(url)
    assert len(finished(url)) == len(snapshot(url)["trials"])


@BOTH
@pytest.mark.usefixtures("log")
def test_trials_that_are_missing_are_added_when_the_study_goes_on(url: str) -> None:
    complete(small(), url)
    before = mirrored(url)
    late = "SELECT trial_id FROM trials WHERE number > 3"
    for table in ("trial_values", "trial_params", "trial_user_attributes", "trial_intermediate_values"):
        execute(url, f"DELETE FROM {table} WHERE trial_id IN ({late})")
    execute(url, "DELETE FROM trials WHERE number > 3")
    assert len(optuna_trials(url)) == 4
    complete(small(), url)
    assert mirrored(url) == before


def test_a_death_between_two_batches_leaves_the_rest_for_the_next_time(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "BATCH", 2)
    complete(small(), f"sqlite:///{tmp_path / 'other.db'}")

    def die(moment: str) -> None:
        if moment == "mirrored":
            raise ZeroDivisionError

    for count in (2, 4):
        with pytest.raises(ZeroDivisionError):
            run(small(), url, 1, executor=executor(), fault=die)
        assert len(optuna_trials(url)) == count
    complete(small(), url)
    assert mirrored(url) == mirrored(f"sqlite:///{tmp_path / 'other.db'}") == finished(url)


@BOTH
def test_a_study_that_a_user_made_with_optuna_is_left_alone(url: str) -> None:
    """It is said before anything is evaluated."""
    Store.create(url).close()
    make_optuna_study(url)
    with pytest.raises(ForeignStudy, match="holds an Optuna study 'small' already: rename one of the two"):
        complete(small(), url)
    assert [trial.value for trial in optuna_trials(url)] == [1.0]
    assert snapshot(url)["trials"] == []


def test_a_study_that_a_user_makes_meanwhile_is_left_alone_too(url: str) -> None:
    events: list[Event] = []

    def meddle(moment: str) -> None:
        if moment == "proposal recorded" and not optuna_names_of(url):
            make_optuna_study(url)

    run(small(), url, 1, events.append, executor=executor(), fault=meddle)
    assert snapshot(url)["state"] == "finished"
    assert [trial.value for trial in optuna_trials(url)] == [1.0]
    assert [each for each in events if isinstance(each, Note) and "copy of the study lacks trials" in each.text]


def optuna_names_of(url: str) -> list[str]:
    with optuna_storage(url) as storage:
        return optuna.get_all_study_names(storage)


def test_tables_of_another_version_cost_the_study_nothing(url: str) -> None:
    Store.create(url).close()
    make_tables(url)
    execute(url, "UPDATE alembic_version SET version_num = 'v9.9.9'")
    events = complete(small(), url)
    (said,) = {each.text for each in events if isinstance(each, Note) and "lacks trials" in each.text}
    assert said.startswith("Optuna's tables cannot be made: ")
    assert snapshot(url)["state"] == "finished"


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
    monkeypatch.setattr("archsearch.store.engine.TIMEOUT", 0.01)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
@pytest.mark.parametrize("begun", [True, False], ids=["begun", "new"])
def test_tables_that_stay_locked_are_unavailable_in_one_line(begun: bool, how: str, url: str) -> None:
    """For the time being. A new database has no tables of Optuna's yet."""
    Store.create(url).close()
    if begun:
        make_tables(url)
    waits = contextlib.nullcontext() if begun and how == "IMMEDIATE" else pytest.raises(Unavailable)
    with locked(url, how), waits as caught:
        make_tables(url)
    if caught is not None:
        assert re.fullmatch(r"(Optuna's tables cannot be made|the database /\S+) .*\blocked\b.*", str(caught.value))
    make_tables(url)


@pytest.mark.usefixtures("impatient")
def test_trials_that_a_lock_keeps_out_are_added_later(url: str) -> None:
    Store.create(url).close()
    make_tables(url)
    with own_study(url, "small", small().text, patience=Patience(0.0)) as store:
        new = copies([row(0)], store, url)
        with locked(url, "IMMEDIATE"), pytest.raises(Unavailable, match="was locked by another process"):
            store.add_copies(new)
        assert store.copied_trials("small") == frozenset()
        store.add_copies(new)
    assert [trial.intermediate_values for trial in optuna_trials(url)] == [dict(REPORTS)]


@pytest.mark.parametrize("got_through", [False, True], ids=["refused", "answer lost"])
def test_a_commit_that_fails_once_adds_the_trials_once(url: str, owned: Owned, got_through: bool) -> None:
    """Whether it has reached the database or not."""
    failed: list[str] = []

    def fail_once(connection: Any) -> None:
        if not failed:
            failed.append("once")
            if got_through:
                connection.connection.driver_connection.commit()
            raise sqlite3.OperationalError("database is locked")

    event.listen(Engine, "commit", fail_once)
    try:
        owned.add_copies(copies([row(0), row(1)], owned, url))
    finally:
        event.remove(Engine, "commit", fail_once)
    assert failed
    assert optuna_numbers(url) == [0, 1]
