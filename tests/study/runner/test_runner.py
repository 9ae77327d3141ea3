"""The thread of a server that runs the queue, over made-up coordinators."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archsearch.errors import Refused
from archsearch.store import HeldElsewhere, Unavailable
from archsearch.store.lock import runner_lock
from archsearch.store.store import Store
from archsearch.study import runner
from archsearch.study.jobs import start_study
from archsearch.study.runner import Runner, supervisor
from tests.databases.fixtures import BOTH
from tests.study.runner.machine import Machine
from tests.study.runner.studies import CORES, add, job, pid
from tests.study.runner.waiting import DEADLINE, wait_until

pytestmark = BOTH


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL", 0.01)
    monkeypatch.setattr(runner, "_TURN", 0.01)
    monkeypatch.setattr(supervisor, "_LONGEST_DELAY", 0.01)


@contextlib.contextmanager
def running(url: str, machine: Machine) -> Iterator[Runner]:
    """A runner in this process, over made-up coordinators, which end when they are asked."""
    found = Runner(url, CORES, launch=machine)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def test_a_runner_that_is_woken_looks_at_once(url: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL", 3600.0)
    machine = Machine(obedient=True)
    with running(url, machine) as found:
        add(store, "a")
        found.wake()
        wait_until(lambda: machine.started == [("a", 1)])
    assert job(store, "a").state == "running"
    assert pid(store, "a") is None


WRONG = [
    Refused("the database is none of ours"),
    Unavailable("the database does not answer"),
    OSError("no more processes"),
    ZeroDivisionError("a bug"),
]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", WRONG, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("place", ["opening", "looking", "starting"])
def test_a_runner_goes_on_after_an_error(
    url: str, store: Store, error: Exception, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [error] * 3

    def fail_at_first(*_: object, **__: object) -> None:
        if errors:
            raise errors.pop()

    machine = Machine(obedient=True)
    add(store, "a")
    if place == "opening":
        monkeypatch.setattr(Store, "create", preceded(Store.create, fail_at_first))
    elif place == "looking":
        monkeypatch.setattr(Store, "jobs", preceded(Store.jobs, fail_at_first))
    else:
        machine.before_note = fail_at_first
    with running(url, machine):
        wait_until(lambda: machine.started == [("a", 1)])
        assert errors == []
        assert job(store, "a").crashes == 0


def preceded(function: Callable[..., Any], by: Callable[[], None]) -> Callable[..., Any]:
    """The same function, before which another one is called."""

    def call(*arguments: object, **named: object) -> object:
        by()
        return function(*arguments, **named)

    return call


def fail(*_: object, **__: object) -> None:
    raise Unavailable("the database was locked by another process for 60 s")


@pytest.mark.usefixtures("quick")
def test_a_runner_that_is_stopped_while_it_waits_for_the_database_stops_what_runs(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, waited = Machine(obedient=True), threading.Event()
    add(store, "a")
    with running(url, machine) as found:
        wait_until(lambda: machine.started)

        def wait_in_vain(_: Store) -> None:
            found._stopping.set()
            waited.set()
            fail()

        monkeypatch.setattr(Store, "jobs", wait_in_vain)
        assert waited.wait(DEADLINE)
    assert machine.processes["a"].asked == 1
    assert pid(store, "a") is None, "it could be written in the end"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("taken", [False, True], ids=["nobody", "another server"])
def test_a_runner_that_is_stopped_while_it_has_no_database_stops_what_is_still_its_own(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    machine, failed = Machine(obedient=True), threading.Event()
    add(store, "a")
    with running(url, machine):
        wait_until(lambda: machine.started)

        def open_in_vain(*_: object, **__: object) -> None:
            failed.set()
            raise HeldElsewhere("another server runs the queue") if taken else Unavailable("locked")

        monkeypatch.setattr(Store, "create", open_in_vain)
        monkeypatch.setattr(Store, "jobs", fail)
        assert failed.wait(DEADLINE)
    assert machine.processes["a"].asked == (0 if taken else 1)


@pytest.mark.usefixtures("quick")
def test_a_runner_waits_for_the_one_before_it(url: str, store: Store) -> None:
    machine, other = Machine(obedient=True), Machine(obedient=True)
    add(store, "a")
    with running(url, machine):
        wait_until(lambda: machine.started)
        with running(url, other):
            add_more(store)
            wait_until(lambda: len(machine.started) == 2)
    assert (other.started, other.found) == ([], [])
    with running(url, other):
        wait_until(lambda: len(other.started) == 2)


def add_more(store: Store) -> None:
    store.add_studies([("more", "{}")])
    start_study(store, "more", 1, CORES)


def test_a_runner_can_be_stopped_while_it_waits(url: str) -> None:
    """Its wait for the lock, an hour here, is cut short."""
    with runner_lock(url), pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "_TURN", 3600.0)
        found = Runner(url, CORES, launch=Machine(obedient=True))
        found.start()
        found.stop()
        found.stop()
