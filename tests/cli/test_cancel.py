"""`archsearch cancel`: what waits or runs is stopped, by whoever runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.store import Unavailable
from archsearch.store.lock import runner_lock, study_lock
from archsearch.store.store import Store
from tests.cli.conftest import Call
from tests.store.free_store import FreeStore

URL = "sqlite:///archsearch.db"


@pytest.fixture
def store(folder: Path) -> FreeStore:
    """With the study `mine`, which nobody has asked for yet, and `other`, which waits."""
    found = FreeStore.create(URL)
    for name in ("mine", "other"):
        found.add_studies([(name, "{}")])
    found.enqueue(number(found, "other"), 1)
    return found


def number(store: FreeStore, name: str = "mine") -> int:
    row = store.find_study(name)
    assert row is not None
    return row.id


def states(store: FreeStore) -> dict[str, str]:
    return {row.name: row.state for row in store.list_studies()}


def test_a_study_is_taken_out_of_the_queue(call: Call, store: FreeStore) -> None:
    store.enqueue(number(store), 1)
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is cancelled\n", "")
    assert states(store) == {"mine": "cancelled", "other": "queued"}
    assert call("delete", "mine", "--yes").status == 0


def test_a_study_that_runs_is_asked_to_stop(call: Call, store: FreeStore) -> None:
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    with runner_lock(URL):
        done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is stopping\n", "")
    assert states(store) == {"mine": "stopping", "other": "queued"}


def test_without_a_server_it_says_who_will_stop_what_runs(call: Call, store: FreeStore) -> None:
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    with study_lock(URL, "mine"):
        done = call("cancel", "mine")
    assert (done.status, done.out) == (0, "mine is stopping\n")
    assert done.err == "no server looks after this database at present: `archsearch serve` will stop what runs\n"


def test_without_a_server_what_nobody_runs_has_stopped(call: Call, store: FreeStore) -> None:
    """The server was stopped while it ran: what is left of it says "running"."""
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    assert call("delete", "mine", "--yes").err == "study 'mine' is running: cancel it first\n"
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is cancelled\n", "")
    assert call("delete", "mine", "--yes").out == "deleted mine\n"


def test_what_was_to_stop_when_its_server_died_can_be_cancelled_again(call: Call, store: FreeStore) -> None:
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    store.cancel(number(store))
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is cancelled\n", "")


def test_one_that_is_stopping_already_keeps_none_of_its_series(call: Call, store: FreeStore) -> None:
    for part in ("a", "b", "c", "d"):
        store.add_studies([(f"many.{part}", "{}")])
        store.enqueue(number(store, f"many.{part}"), 1)
    for part in ("a", "c"):
        store.begin_job(number(store, f"many.{part}"))
    store.cancel(number(store, "many.a"))
    with runner_lock(URL):
        done = call("cancel", "many")
        assert (done.status, done.out) == (0, "many.b is cancelled\nmany.c is stopping\nmany.d is cancelled\n")
        assert done.err == "study 'many.a' is stopping: there is nothing to cancel\n"
        done = call("cancel", "many")
        assert (done.status, done.out, done.err) == (1, "", "study 'many.a' is stopping: there is nothing to cancel\n")
    assert states(store)["other"] == "queued"


def test_a_database_that_does_not_answer_ends_it(call: Call, store: FreeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not each of a hundred studies waits for a minute."""
    for part in ("a", "b"):
        store.add_studies([(f"many.{part}", "{}")])
        store.enqueue(number(store, f"many.{part}"), 1)
    asked = []

    def fail(_: FreeStore, study_id: int) -> None:
        asked.append(study_id)
        raise Unavailable("the database was locked")

    monkeypatch.setattr(Store, "cancel", fail)
    done = call("cancel", "many")
    assert (done.status, done.out, done.err) == (1, "", "the database was locked\n")
    assert len(asked) == 1


def test_where_there_is_nothing_to_cancel_it_says_so(call: Call, store: FreeStore) -> None:
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (1, "", "study 'mine' is created: there is nothing to cancel\n")


def test_what_a_command_line_runs_is_stopped_there(call: Call, stored: str) -> None:
    with FreeStore.create(URL) as store:
        store.set_state(number(store, stored), "running")
    done = call("cancel", stored)
    assert (done.status, done.out) == (1, "")
    assert done.err == "study 'tiny' was started by `archsearch run`: stop it there\n"


def test_an_unknown_study_is_wrong_input_and_no_database_is_made(call: Call, folder: Path) -> None:
    assert call("cancel", "mine").status == 1
    assert list(folder.iterdir()) == []
    FreeStore.create(URL).close()
    done = call("cancel", "mine")
    assert (done.status, done.out) == (2, "")
    assert "no study 'mine'" in done.err
