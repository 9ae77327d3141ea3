"""`archsearch cancel`: what waits or runs is stopped, by whoever runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.store import Store, runner_lock
from tests.cli.conftest import Call

URL = "sqlite:///archsearch.db"


@pytest.fixture
def store(folder: Path) -> Store:
    """With the study `mine`, which nobody has asked for yet, and `other`, which waits."""
    found = Store.create(URL)
    for name in ("mine", "other"):
        found.add_studies([(name, "{}")])
    found.enqueue(number(found, "other"), 1)
    return found


def number(store: Store, name: str = "mine") -> int:
    row = store.find_study(name)
    assert row is not None
    return row.id


def states(store: Store) -> dict[str, str]:
    return {row.name: row.state for row in store.list_studies()}


def test_a_study_is_taken_out_of_the_queue(call: Call, store: Store) -> None:
    store.enqueue(number(store), 1)
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is cancelled\n", "")
    assert states(store) == {"mine": "cancelled", "other": "queued"}
    assert call("delete", "mine", "--yes").status == 0


def test_a_study_that_runs_is_asked_to_stop(call: Call, store: Store) -> None:
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    with runner_lock(URL):
        done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (0, "mine is stopping\n", "")
    assert states(store) == {"mine": "stopping", "other": "queued"}


def test_without_a_server_it_says_who_will_stop_it(call: Call, store: Store) -> None:
    store.enqueue(number(store), 1)
    store.begin_job(number(store))
    done = call("cancel", "mine")
    assert (done.status, done.out) == (0, "mine is stopping\n")
    assert done.err == "no server looks after this database at present: `archsearch serve` will stop what runs\n"


def test_where_there_is_nothing_to_cancel_it_says_so(call: Call, store: Store) -> None:
    done = call("cancel", "mine")
    assert (done.status, done.out, done.err) == (1, "", "study 'mine' is created: there is nothing to cancel\n")


def test_what_a_command_line_runs_is_stopped_there(call: Call, stored: str) -> None:
    with Store.create(URL) as store:
        store.set_state(number(store, stored), "running")
    done = call("cancel", stored)
    assert (done.status, done.out) == (1, "")
    assert done.err == "study 'tiny' was started by `archsearch run`: stop it there\n"


def test_an_unknown_study_is_wrong_input_and_no_database_is_made(call: Call, folder: Path) -> None:
    assert call("cancel", "mine").status == 1
    assert list(folder.iterdir()) == []
    Store.create(URL).close()
    done = call("cancel", "mine")
    assert (done.status, done.out) == (2, "")
    assert "no study 'mine'" in done.err
