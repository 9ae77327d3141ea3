"""The thread of a server that runs the queue, over made-up coordinators."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from archsearch.errors import Refused
from archsearch.store import Store, runner_lock
from archsearch.study.jobs import create_studies, start_study
from archsearch.study.runner import Runner, runner
from tests.study.runner.machine import Machine
from tests.study.runner.studies import CORES, add, job, pid
from tests.study.runner.waiting import wait_until


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL", 0.01)
    monkeypatch.setattr(runner, "_TURN", 0.01)


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


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", [Refused("the database does not answer"), OSError("no more processes")])
def test_a_runner_goes_on_after_an_error(url: str, store: Store, error: Exception) -> None:
    errors = [error] * 3

    def fail_at_first() -> None:
        if errors:
            raise errors.pop()

    machine = Machine(obedient=True, before_note=fail_at_first)
    add(store, "a")
    with running(url, machine):
        wait_until(lambda: machine.started == [("a", 1)])
        assert job(store, "a").crashes == 0


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
    create_studies(store, [("more", "{}")])
    start_study(store, "more", 1, CORES)


def test_a_runner_can_be_stopped_while_it_waits(url: str) -> None:
    """Its wait for the lock, an hour here, is cut short."""
    with runner_lock(url), pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "_TURN", 3600.0)
        found = Runner(url, CORES, launch=Machine(obedient=True))
        found.start()
        found.stop()
        found.stop()
