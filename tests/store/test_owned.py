"""A study has one owner: a former one writes nothing, nor one whose database was set back; commits count once."""

from __future__ import annotations

import contextlib
import inspect
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.errors import Interrupted, Refused
from archsearch.store import HeldElsewhere, NewEntry, NoAnswer, SetBack, TakenOver, TrialEnd
from archsearch.store.owned import Owned, own_study
from archsearch.store.patience import Patience
from archsearch.store.store import Database, Store
from tests.databases.fixtures import SQLITE_ONLY
from tests.schema.scores import score
from tests.store.samples import ENVIRONMENT, KILLED, key, run, spec

WRITES: dict[str, Callable[[Owned], object]] = {
    "set_state": lambda owned: owned.set_state("interrupted"),
    "end": lambda owned: owned.end("finished"),
    "add_entries": lambda owned: owned.add_entries("search", [NewEntry("baseline", spec(9), "gru")]),
    "record_proposal": lambda owned: owned.record_proposal(1, {}, spec(1)),
    "record_repeat": lambda owned: owned.record_repeat(1, {}, repeat_of=0),
    "record_refusal": lambda owned: owned.record_refusal(1, {}, "no sound cell"),
    "finish_trial": lambda owned: owned.finish_trial(TrialEnd(0, "failed")),
    "record_completion": lambda owned: owned.record_completion(run(1, 0), key(0), score(), ENVIRONMENT),
    "record_pruned": lambda owned: owned.record_pruned(run(1, 0), key(0), ENVIRONMENT, seconds=1),
    "link_existing": lambda owned: owned.link_existing(run(1, 0), key(0)),
    "record_attempt": lambda owned: owned.record_attempt(run(1, 0), KILLED),
    "record_failure": lambda owned: owned.record_failure(run(1, 0), KILLED),
    "reopen_machine_failures": lambda owned: owned.reopen_machine_failures(),
    "add_copies": lambda owned: owned.add_copies([]),
}


def dump(url: str) -> list[str]:
    """All that a database holds."""
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return list(connection.iterdump())


@pytest.fixture
def owned(url: str) -> Iterator[Owned]:
    """A study with one running trial, in the hands of an owner without patience."""
    with own_study(url, "quick", "{}", patience=Patience(0)) as owner:
        owner.record_proposal(0, {}, spec(0))
        yield owner


def test_every_write_of_an_owner_is_tried_below() -> None:
    methods = set(dict(inspect.getmembers(Owned, inspect.isfunction))) - set(dir(Database)) - {"hold", "begin"}
    assert {name for name in methods if not name.startswith("_")} == set(WRITES)
    assert not set(WRITES) & set(dir(Store)), "none can be had without owning the study"


@SQLITE_ONLY
@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_former_owner_writes_nothing_more(
    url: str, owned: Owned, tmp_path: Path, write: Callable[[Owned], object]
) -> None:
    with pytest.raises(HeldElsewhere), own_study(url, "quick", "{}"):
        pass
    (lock,) = (path for path in tmp_path.glob("*.lock") if "schema" not in path.name)
    lock.unlink()
    with own_study(url, "quick", "{}"):
        before = dump(url)
        with pytest.raises(TakenOver, match="another process has taken over study 'quick': this one ends"):
            write(owned)
        assert dump(url) == before


@SQLITE_ONLY
@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
@pytest.mark.parametrize("age", ["before it was owned", "a write ago", "without the study"])
def test_a_database_that_was_set_back_is_not_written(
    url: str, tmp_path: Path, age: str, write: Callable[[Owned], object]
) -> None:
    file, copy = tmp_path / "study.db", tmp_path / "copy"

    def keep(moment: str) -> None:
        if moment == age:
            shutil.copy(file, copy)

    Store.create(url).close()
    keep("without the study")
    with own_study(url, "quick", "{}") as owner:
        owner.record_proposal(0, {}, spec(0))
    keep("before it was owned")
    with own_study(url, "quick", "{}") as owner:
        keep("a write ago")
        owner.add_entries("confirm", [NewEntry("candidate", spec(0))])
        shutil.copy(copy, file)
        before = dump(url)
        with pytest.raises(
            SetBack, match="lacks what study 'quick' has recorded: it was set back to an older copy, or"
        ):
            write(owner)
        assert dump(url) == before


@SQLITE_ONLY
def test_no_owner_of_an_older_copy_has_the_number_of_a_later_one(url: str, tmp_path: Path) -> None:
    file, copy = tmp_path / "study.db", tmp_path / "copy"
    with own_study(url, "quick", "{}"):
        pass
    shutil.copy(file, copy)
    with own_study(url, "quick", "{}") as first:
        shutil.copy(copy, file)
        next(path for path in tmp_path.glob("*.lock") if "schema" not in path.name).unlink()
        with own_study(url, "quick", "{}"), pytest.raises(TakenOver):
            first.record_proposal(0, {}, spec(0))


def test_the_owner_of_one_study_does_not_write_to_another(owned: Owned) -> None:
    with pytest.raises(ValueError, match="a run of study 2 is not for the owner of study 1"):
        owned.record_failure(run(2, 0), KILLED)


@SQLITE_ONLY
@pytest.mark.parametrize("got_through", [True, False])
def test_a_commit_whose_answer_is_lost_is_made_once(
    url: str, monkeypatch: pytest.MonkeyPatch, got_through: bool
) -> None:
    with own_study(url, "quick", "{}", patience=Patience(60)) as owned:
        owned.record_proposal(0, {}, spec(0))
        dialect = owned._engine.dialect
        commit, answers = dialect.do_commit, iter([True])

        def lose_the_answer(connection: sqlite3.Connection) -> None:
            lost = next(answers, False)
            if got_through or not lost:
                commit(connection)  # type: ignore[arg-type]
            if lost:
                raise sqlite3.OperationalError("database is locked")

        monkeypatch.setattr(dialect, "do_commit", lose_the_answer)
        assert owned.record_attempt(run(1, 0), KILLED) == 1
        assert owned.record_attempt(run(1, 0), KILLED) == 2
        assert len(owned.failures(1)) == 2


@SQLITE_ONLY
def test_a_lock_that_lasts_is_waited_for_and_told_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.store.engine.TIMEOUT", 0)
    told: list[str] = []
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:

        class Noting(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                """Let the lock go after the third failure."""
                if len(waits) == 3:
                    other.rollback()
                waits.append(timeout)
                return False

        waits: list[float | None] = []
        with own_study(url, "quick", "{}", patience=Patience(60, told.append, Noting())) as owned:
            other.execute("BEGIN IMMEDIATE")
            owned.record_proposal(0, {}, spec(0))
            assert [trial.number for trial in owned.trials(1)] == [0]
    assert waits == [0.05, 0.1, 0.2, 0.4]
    place = url.removeprefix("sqlite:///")
    assert told == [f"the database {place} was locked by another process for 60 s; waiting up to 60 s"]


@SQLITE_ONLY
def test_patience_ends(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.store.engine.TIMEOUT", 0)
    with (
        own_study(url, "quick", "{}", patience=Patience(0)) as owned,
        contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NoAnswer, match="was locked by another process"):
            owned.record_proposal(0, {}, spec(0))


@SQLITE_ONLY
def test_a_stop_ends_the_waiting(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.store.engine.TIMEOUT", 0)
    stop = threading.Event()
    with (
        own_study(url, "quick", "{}", patience=Patience(60, lambda _: stop.set(), stop)) as owned,
        contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Interrupted, match="stopped while the database did not answer"):
            owned.record_proposal(0, {}, spec(0))


def test_what_is_refused_is_not_tried_again(owned: Owned) -> None:
    with pytest.raises(Refused, match="trial 0 is recorded already"):
        owned.record_refusal(0, {}, "")
    owned.record_refusal(1, {}, "a write that failed was not counted")
