"""Following a study: what is sent, when it ends, and how many may."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import httpx
import pytest

from archsearch.errors import Refused
from archsearch.store import CoordinatorState
from archsearch.store.store import Store
from tests.api.serving import PLENTY, Served, first_event, serving
from tests.cli.samples import Recorder, record_study
from tests.store.free_store import FreeStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A study of which the search is done."""
    found = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(found, "tiny", phases=1)
    return found


def set_state(url: str, state: CoordinatorState) -> None:
    with FreeStore.create(url) as store:
        row = store.find_study("tiny")
        assert row is not None
        store.set_state(row.id, state)


def test_a_study_that_is_over_is_told_once(served: Served) -> None:
    (only,) = served.client().events("tiny")
    assert (only.study, only.state, only.trials) == ("tiny", "finished", 5)
    with served.http() as http:
        answer = http.get("/api/v1/studies/tiny/events")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text.startswith('event: end\ndata: {"study": "tiny"')


def test_changes_are_told_until_the_study_is_over(url: str) -> None:
    with serving(url) as found:
        events = found.client().events("tiny")
        first = next(events)
        assert (first.state, first.phases[1].done) == ("running", 0)
        with FreeStore.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 1)
        second = next(events)
        assert (second.state, second.phases[1].done) == ("running", 1)
        set_state(url, "finished")
        assert [each.state for each in events] == ["finished"]


def test_a_quiet_stream_shows_that_it_lives(url: str) -> None:
    with serving(url) as found, found.http() as http, http.stream("GET", "/api/v1/studies/tiny/events") as answer:
        lines = answer.iter_lines()
        assert first_event(lines) == "event: progress"
        assert next(line for line in lines if line.startswith(":")) == ": still here"


def test_streams_are_bounded_and_free_their_place_when_the_client_goes(url: str) -> None:
    with serving(url, limits=dataclasses.replace(PLENTY, streams=2)) as found, found.http() as http:
        address = "/api/v1/studies/tiny/events"
        with http.stream("GET", address) as one, http.stream("GET", address) as two:
            assert (one.status_code, two.status_code) == (200, 200)
            refused = http.get(address)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "10"
            with pytest.raises(Refused, match="too many streams"):
                next(found.client().events("tiny"))
        set_state(url, "finished")
        while http.get(address).status_code == 503:  # until the server has noticed that they are gone
            pass


def test_many_streams_take_one_look_at_a_time_and_no_thread_each(url: str) -> None:
    with serving(url) as found, found.http(limits=httpx.Limits(max_connections=40)) as http:
        address = "/api/v1/studies/tiny/events"
        before = threading.active_count()
        streams = [http.stream("GET", address) for _ in range(20)]
        answers = [stream.__enter__() for stream in streams]
        lines = [answer.iter_lines() for answer in answers]
        assert all(first_event(each) == "event: progress" for each in lines)
        assert threading.active_count() <= before + 9
        set_state(url, "interrupted")
        assert all("event: end" in list(each) for each in lines)
        for stream in streams:
            stream.__exit__(None, None, None)


def test_a_study_that_is_not_there_cannot_be_followed(served: Served) -> None:
    with pytest.raises(Refused, match="no study has this name"):
        next(served.client().events("nothing"))


def test_a_stop_ends_the_streams(url: str) -> None:
    with serving(url) as found, found.http() as http, http.stream("GET", "/api/v1/studies/tiny/events") as answer:
        lines = answer.iter_lines()
        assert first_event(lines) == "event: progress"
        found.server.should_exit = True
        assert "event: end" not in list(lines)


def test_a_stream_outlasts_a_database_that_does_not_answer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from archsearch.api import events

    whole, calls = events._progress, []

    def flaky(*arguments: object) -> object:
        calls.append(1)
        if len(calls) in (2, 3):
            raise Refused("locked")
        return whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(events, "_progress", flaky)
    with serving(url) as found:
        stream = found.client().events("tiny")
        assert next(stream).state == "running"
        set_state(url, "finished")
        assert next(stream).state == "finished"
        assert len(calls) > 3


def test_a_stream_ends_when_looking_fails_for_a_reason_of_our_own(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(store: FreeStore) -> None:
        raise TypeError("a mistake")

    monkeypatch.setattr(Store, "version", fail)
    with serving(url) as found:
        assert list(found.client().events("tiny")) == []
