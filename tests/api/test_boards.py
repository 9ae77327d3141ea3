"""Boards over HTTP: kept while nothing changes, and told apart by a tag."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from archsearch.errors import InvalidInput
from archsearch.store import Store
from tests.api.serving import PLENTY, Served, serving
from tests.cli.samples import Recorder, record_study

BOARD = "/api/v1/studies/tiny/board"


def test_who_has_the_board_gets_it_once(served: Served) -> None:
    with served.http() as http:
        first = http.get(BOARD)
        again = http.get(BOARD, headers={"If-None-Match": first.headers["etag"]})
        other = http.get(BOARD, params={"limit": 1}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("told", "status"),
    [("{}", 304), ("W/{}", 304), ('"other", {}', 304), ("*", 304), ('"other"', 200), ("", 200), ('"{}"', 200)],
)
def test_a_tag_may_stand_among_others(served: Served, told: str, status: int) -> None:
    with served.http() as http:
        tag = http.get(BOARD).headers["etag"]
        assert http.get(BOARD, headers={"If-None-Match": told.format(tag)}).status_code == status


def test_a_change_gives_another_tag(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url) as found, found.http() as http:
        tag = http.get(BOARD).headers["etag"]
        with Store.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 1)
        assert http.get(BOARD, headers={"If-None-Match": tag}).status_code == 200


def test_a_board_that_was_looked_at_just_now_is_shown_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url, limits=dataclasses.replace(PLENTY, staleness=1e6)) as found:
        before = found.client().board("tiny")
        with Store.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 1)
        assert found.client().board("tiny") == before
        assert found.client().board("tiny", phase="confirm").rows, "another board is not kept yet"


def test_who_was_told_of_a_change_sees_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url, limits=dataclasses.replace(PLENTY, staleness=1e6)) as found:
        client = found.client()
        events = client.events("tiny")
        next(events)
        assert client.board("tiny", phase="confirm").rows == ()
        with Store.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 1)
            store.set_state(row.id, "finished")
        while next(events).state != "finished":
            pass
        assert len(client.board("tiny", phase="confirm").rows) == 1


def test_holes_are_columns(served: Served) -> None:
    client = served.client()
    board = client.board("tiny", phase="search")
    assert board.holes == ("coupling", "peepholes.input")
    assert board.rows[0].choices == {"coupling": "none", "peepholes.input": "yes"}
    assert client.board("tiny", phase="search", filters=["hole:coupling!=none"]).rows == ()
    assert client.board("tiny", phase="search", sort="coupling").total == board.total
    with pytest.raises(InvalidInput, match="did you mean 'coupling'"):
        client.board("tiny", phase="search", sort="copling")
