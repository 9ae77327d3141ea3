"""Connections that stay open between transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from archsearch.store import Unavailable
from archsearch.store.store import Store
from tests.store.free_store import FreeStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'a.db'}"
    with FreeStore.create(found) as store:
        store.create_study("first", "{}")
    return found


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sqlite3.Connection]]:
    """Those that have been opened."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def note(*given: Any, **named: Any) -> sqlite3.Connection:
        opened.append(connect(*given, **named))
        return opened[-1]

    monkeypatch.setattr("archsearch.store.engine.sqlite3.connect", note)
    yield opened
    for each in opened:
        each.close()


def names(store: Store) -> list[str]:
    return [row.name for row in store.list_studies()]


def test_one_connection_serves_many_transactions(url: str, connections: list[sqlite3.Connection]) -> None:
    with Store.read(url, lasting=True) as store:
        for _ in range(5):
            assert names(store) == ["first"]
        assert len(connections) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connections[0].execute("SELECT 1")


def test_without_being_asked_for_none_stays_open(url: str, connections: list[sqlite3.Connection]) -> None:
    """Processes that fork may not take one with them."""
    with Store.read(url) as store:
        assert names(store) == ["first"]
        for each in connections:
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                each.execute("SELECT 1")


@pytest.mark.parametrize("open_store", [Store.create, Store.read])
def test_what_others_write_is_seen(url: str, open_store: Any) -> None:
    with open_store(url, lasting=True) as store, FreeStore.create(url, lasting=True) as writer:
        assert names(store) == ["first"]
        writer.create_study("second", "{}")
        assert names(store) == ["first", "second"]


def test_no_lock_is_held_between_transactions(url: str, tmp_path: Path) -> None:
    with FreeStore.create(url, lasting=True) as store:
        store.create_study("second", "{}")
        other = sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        other.execute("ROLLBACK")
        other.close()


def test_a_file_in_the_place_of_another_is_the_one_that_is_read(url: str, tmp_path: Path) -> None:
    file, other = tmp_path / "a.db", tmp_path / "b.db"
    with FreeStore.create(f"sqlite:///{other}") as store:
        store.create_study("other", "{}")
    with Store.read(url, lasting=True) as store:
        assert names(store) == ["first"]
        other.replace(file)
        assert names(store) == ["other"]
        file.unlink()
        with pytest.raises(Unavailable, match="cannot be opened"):
            names(store)


def test_more_may_look_at_once_than_connections_are_kept(url: str) -> None:
    """Who waits for a connection would wait behind writers, who may take a minute."""
    together = Barrier(20, timeout=30)
    with Store.read(url, lasting=True) as store, ThreadPoolExecutor(20) as threads:
        found = threads.map(lambda _: store._read(lambda connection: together.wait()), range(20))
        assert sorted(found) == list(range(20))
        assert names(store) == ["first"]
