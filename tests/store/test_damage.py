"""Damaged rows: `examine` says where they are, and a read that fails at one leaves no lock behind."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from sqlalchemy import Connection, make_url, select

from archsearch.store import Damaged
from archsearch.store.address import parse_address
from archsearch.store.damage import examine
from archsearch.store.store import Store
from archsearch.store.tables import trials
from tests.cli.samples import record_study
from tests.databases.fixtures import SQLITE_ONLY
from tests.databases.raw import execute


def test_what_a_study_has_recorded_is_sound(url: str) -> None:
    record_study(url, "tiny")
    examine(parse_address(url))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("archsearch_trials SET choices = '[7' WHERE number = 1", "table archsearch_trials, study_id 1, number 1"),
        ("archsearch_studies SET definition = '{\"study\": {}}'", "table archsearch_studies, id 1"),
    ],
)
def test_a_text_that_is_another_than_was_written_is_found(url: str, change: str, place: str) -> None:
    record_study(url, "tiny")
    execute(url, f"UPDATE {change}")
    with pytest.raises(Damaged) as caught:
        examine(parse_address(url))
    shown = parse_address(url).shown if url.startswith("postgresql") else make_url(url).database
    expected = f"the database {shown} is damaged: {place}: not what archsearch has written. "
    assert str(caught.value).startswith(expected)


@SQLITE_ONLY
@pytest.mark.parametrize("lasting", [False, True])
def test_a_read_that_fails_leaves_no_lock(url: str, lasting: bool) -> None:
    record_study(url, "tiny")
    file = make_url(url).database
    assert file is not None

    def fail(connection: Connection) -> None:
        for row in (rows := connection.execute(select(trials))):
            raise ValueError(row, rows)

    with Store.read(url, lasting=lasting) as store, contextlib.closing(sqlite3.connect(file, timeout=0)) as other:
        with pytest.raises(ValueError, match=r"running|complete") as caught:
            store._read(fail)
        other.execute("UPDATE archsearch_studies SET state = 'interrupted'")
        other.commit()
        assert caught.traceback, "which holds what has been read"
        assert store.trials(1), "the store can be used further"


@pytest.mark.parametrize("error", [ValueError("a text"), KeyError("cell"), TypeError("int"), AttributeError("values")])
def test_an_error_is_damage_where_there_is_damage_and_else_itself(url: str, error: Exception) -> None:
    record_study(url, "tiny")
    with pytest.raises(type(error)) as sound, Store.read(url):
        raise error
    assert sound.value is error
    execute(url, "UPDATE archsearch_trials SET choices = '[7' WHERE number = 1")
    with pytest.raises(Damaged, match="table archsearch_trials") as damaged, Store.read(url):
        raise error
    assert damaged.value.__context__ is error
    with pytest.raises(OSError, match="no such file"), Store.read(url):
        raise OSError("no such file")
