"""Boards over HTTP: kept while nothing changes, and told apart by a tag."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from archsearch.errors import InvalidInput
from tests.api.serving import PLENTY, Served, serving
from tests.cli.samples import Recorder, record_study
from tests.store.counting import failures_read
from tests.store.free_store import FreeStore

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
        with FreeStore.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 1)
        assert http.get(BOARD, headers={"If-None-Match": tag}).status_code == 200


def test_a_board_that_was_looked_at_just_now_is_shown_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url, limits=dataclasses.replace(PLENTY, staleness=1e6)) as found:
        before = found.client().board("tiny")
        with FreeStore.create(url) as store:
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
        with FreeStore.create(url) as store:
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


@pytest.fixture
def still(tmp_path: Path) -> Iterator[tuple[str, Served]]:
    """A server that looks at a board once and shows it again for ever, and its database."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url, limits=dataclasses.replace(PLENTY, staleness=1e6)) as found:
        yield url, found


def test_what_was_asked_just_now_is_answered_before_the_routes(
    still: tuple[str, Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = still
    with found.http() as http:
        first = http.get(BOARD, params={"limit": 2})
        monkeypatch.setattr(FastAPI, "__call__", _nobody)
        again = http.get(BOARD, params={"limit": 2})
        known = http.get(BOARD, params={"limit": 2}, headers={"If-None-Match": first.headers["etag"]})
        head = http.head(BOARD, params={"limit": 2})
        assert (again.status_code, again.content) == (200, first.content)
        unlike = {"date", "x-request-id"}
        assert {n: v for n, v in again.headers.items() if n not in unlike} == {
            n: v for n, v in first.headers.items() if n not in unlike
        }
        assert (known.status_code, known.content) == (304, b"")
        assert (head.status_code, head.content) == (200, b"")
        for other in ({"limit": 3}, {"limit": 2, "offset": 0}, {}):
            assert http.get(BOARD, params=other).status_code == 500  # these have to go through the routes
        assert http.post(BOARD, params={"limit": 2}).status_code == 500


def test_the_short_way_is_inside_of_the_guards(still: tuple[str, Served]) -> None:
    _, found = still
    with found.http() as http:
        assert http.get(BOARD).status_code == 200
        assert http.get(BOARD, headers={"Host": "evil.example"}).status_code == 421
        assert http.get(BOARD, headers={"Origin": "http://evil.example"}).status_code == 403
    with found.anonymous() as http:
        assert http.get(BOARD).status_code == 401


def test_a_study_that_was_deleted_is_gone_after_a_notice(still: tuple[str, Served]) -> None:
    url, found = still
    with found.http() as http:
        assert http.get(BOARD).status_code == 200
        with FreeStore.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            store.set_state(row.id, "finished")
            store.delete_study(row.id)
        found.server._app.state.reader.notice("tiny")
        assert http.get(BOARD).status_code == 404


async def _nobody(app: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("the routes are not to be asked")


def test_no_more_failures_are_read_than_are_shown(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    read = failures_read(monkeypatch)
    found = served.client().failures("tiny", limit=1, offset=1)
    assert [each.kind for each in found.failures] == ["nan"]
    assert (found.study, found.total, len(read)) == ("tiny", 3, 1)
