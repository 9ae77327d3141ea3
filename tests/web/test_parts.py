"""A page that is sent in two parts: the board before what takes longer, and errors on either side of it."""

from __future__ import annotations

from typing import Any

import pytest

from archsearch.findings.evaluations import Failures, latest_failures
from archsearch.store import Unavailable
from archsearch.store.store import Store
from archsearch.web.views import study as views
from tests.api.serving import Served
from tests.web.pages import parse
from tests.web.test_study import HTML


def test_the_board_is_there_before_the_rest_is_looked_for(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def look(*given: Any) -> Failures:
        begun.append("failures")
        return latest_failures(*given)

    monkeypatch.setattr(views, "latest_failures", look)
    with site.http() as http, http.stream("GET", "/study?name=tiny", headers=HTML) as answer:
        pieces = list(answer.iter_raw())
    assert begun == ["failures"]
    assert len(pieces) > 1
    assert b'id="board"' in pieces[0]
    assert b'id="charts-title"' not in pieces[0]
    assert b'id="charts-title"' in b"".join(pieces)


def test_what_goes_wrong_after_the_board_is_said_in_its_place(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise Unavailable("the database <b> was locked by another process for 60 s")

    monkeypatch.setattr(Store, "environments", fail)
    with site.http() as http:
        answer = http.get("/study", params={"name": "tiny"}, headers=HTML)
    assert answer.status_code == 200
    root = parse(answer.text)
    assert root.one(id="board").text == "Board"
    assert "The rest of this page cannot be shown: the database <b> was locked" in root.text


def test_what_goes_wrong_before_the_board_makes_an_error_page(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise Unavailable("the database was locked by another process for 60 s")

    monkeypatch.setattr(Store, "progress", fail)
    with site.http() as http:
        answer = http.get("/study", params={"name": "tiny"}, headers=HTML)
    assert answer.status_code == 503
    assert 'id="board"' not in answer.text
