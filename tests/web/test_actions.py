"""The buttons of a study's page: what is offered in which state, and what it does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archsearch.web.pages.actions import ROUTES, actions_of
from tests.api.serving import Served
from tests.store.free_store import FreeStore
from tests.web.conftest import serving_pages
from tests.web.launching import STUDY, create, send, show
from tests.web.pages import Element

POSTS = [route.path for route in ROUTES.routes if route.methods == {"POST"}]
DEADLINE = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a database of its own, which runs nothing: what is started waits."""
    url = f"sqlite:///{tmp_path_factory.mktemp('actions') / 'studies.db'}"
    with serving_pages(url) as found:
        yield found


def state(served: Served, name: str) -> str:
    """The state of a study, or that it is gone."""
    with served.http() as http:
        answer = http.get(f"/api/v1/studies/{name}")
    return str(answer.json().get("state", answer.status_code))


def offered(served: Served, name: str) -> list[str]:
    """The buttons and links on a study's page."""
    found = show(served, "/study", name=name).one("section", aria_label="Actions")
    return [each.text for each in found.all() if each.tag in ("button", "a")]


def act(served: Served, action: str, name: str, status: int = 303, **fields: Any) -> str:
    """Send the form of a button; where the answer leads to, or what it says."""
    answer = send(served, f"/study/{action}?name={name}", **fields)
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("location", answer.text))


class TestTheWayOfAStudy:
    """From created to deleted."""

    def test_started_it_waits_cancelled_it_can_be_started_again_and_deleted_it_is_gone(self, server: Served) -> None:
        assert create(server, "whole") == "/study?name=whole"
        assert offered(server, "whole") == ["Start", "Begin another from it", "Delete…"]
        assert act(server, "start", "whole", workers="1") == "/study?name=whole"
        assert state(server, "whole") == "queued"
        assert offered(server, "whole") == ["Cancel", "Begin another from it"]
        assert act(server, "cancel", "whole") == "/study?name=whole"
        assert state(server, "whole") == "cancelled"
        assert offered(server, "whole") == ["Go on", "Begin another from it", "Delete…"]
        page = show(server, "/study/delete", name="whole")
        assert page.one("h1").text == "Delete whole?"
        assert page.one("form").attributes["action"] == "/study/delete?name=whole"
        assert state(server, "whole") == "cancelled"
        assert act(server, "delete", "whole") == "/"
        assert state(server, "whole") == "404"

    def test_the_place_in_the_queue_is_said(self, server: Served) -> None:
        for name in ("first", "second"):
            create(server, name, "start")
        page = show(server, "/study", name="second")
        assert "as number 2 of 2 in the queue" in page.one("section", aria_label="Actions").text
        for name in ("first", "second"):
            act(server, "cancel", name)

    def test_the_cores_that_it_had_are_offered_again(self, server: Served) -> None:
        create(server, "frugal", "start")
        act(server, "cancel", "frugal")
        field = show(server, "/study", name="frugal").one("input", name="workers").attributes
        assert (field["value"], field["min"], field["max"]) == ("1", "1", "2")


class TestRefusals:
    """What is not possible as things stand is said on a page that leads back."""

    def test_what_runs_is_not_deleted_and_what_rests_is_not_cancelled(self, server: Served) -> None:
        create(server, "kept", "start")
        assert "cancel it first" in act(server, "delete", "kept", 409)
        assert "is queued already" in act(server, "start", "kept", 409, workers="1")
        act(server, "cancel", "kept")
        said = act(server, "cancel", "kept", 409)
        assert "nothing to cancel" in said
        assert 'href="/study?name=kept"' in said
        assert state(server, "kept") == "cancelled"

    @pytest.mark.parametrize("name", ["nothing", "..", "a/b", "%00", "%3Cscript%3E", "x%0A", ""])
    def test_a_study_that_is_not_there(self, server: Served, name: str) -> None:
        for action, fields in (("start", {"workers": "1"}), ("cancel", {}), ("delete", {})):
            assert "<script>" not in act(server, action, name, 422 if name == "%00" else 404, **fields)

    @pytest.mark.parametrize("workers", ["0", "3", "", "1.5", "99999999999999999999"])
    def test_cores_that_are_not_there(self, server: Served, workers: str) -> None:
        name = f"cores-{workers[:1] or 'none'}-{len(workers)}"
        create(server, name)
        assert "allowed: 1 to 2" in act(server, "start", name, 422, workers=workers)
        assert state(server, name) == "created"

    def test_fields_that_no_button_has(self, server: Served) -> None:
        create(server, "strict")
        act(server, "start", "strict", 422)
        act(server, "start", "strict", 422, workers="1", more="1")
        act(server, "cancel", "strict", 422, workers="1")
        act(server, "delete", "strict", 422, sure="yes")
        assert state(server, "strict") == "created"


class TestGuards:
    """Who may do it."""

    @pytest.mark.parametrize("path", POSTS)
    def test_nobody_without_the_token(self, server: Served, path: str) -> None:
        with server.anonymous() as http:
            assert http.post(path, params={"name": "kept"}, data={"workers": "1"}).status_code == 401

    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize("origin", ["http://evil.example", "null"])
    def test_no_page_of_another_site(self, server: Served, path: str, origin: str) -> None:
        with server.http() as http:
            answer = http.post(path, params={"name": "kept"}, data={"workers": "1"}, headers={"Origin": origin})
        assert answer.status_code == 403

    def test_no_link_does_anything(self, server: Served) -> None:
        create(server, "linked")
        with server.http() as http:
            for path in POSTS:
                assert http.get(path, params={"name": "linked"}).status_code in (200, 404, 405)
        assert state(server, "linked") == "created"

    def test_nothing_on_a_read_only_server(self, storage: str) -> None:
        with serving_pages(storage, read_only=True) as served:
            assert not list(show(served, "/study", name="tiny").all("section", aria_label="Actions"))
            show(served, "/study/delete", 403, name="tiny")
            with served.http() as http:
                for path in POSTS:
                    assert http.post(path, params={"name": "tiny"}, data={"workers": "1"}).status_code in (404, 405)

    def test_a_hostile_name_stays_a_name(self, site: Served) -> None:
        for name in ("<script>alert(1)</script>", "a?token=b#c", "\u202eabc", "name\n"):
            page = show(site, "/study/delete", name=name)
            assert not [script for script in page.all("script") if "src" not in script.attributes]
            with site.http() as http:
                assert http.get(page.one("form").one("a").attributes["href"]).status_code == 200


class TestWhatIsOffered:
    """Actions by state, straight from the store."""

    def test_a_study_that_a_command_line_runs_is_stopped_there(self, tmp_path: Path) -> None:
        with FreeStore.create(f"sqlite:///{tmp_path / 'studies.db'}") as store:
            row = store.create_study("a", "{}")
            assert row.state == "running"
            found = actions_of(store, row, 4)
            assert (found.elsewhere, found.cancel, found.delete, found.start) == (True, False, False, "Go on here")

    def test_each_state_has_its_buttons(self, tmp_path: Path) -> None:
        with FreeStore.create(f"sqlite:///{tmp_path / 'studies.db'}") as store:
            (row,) = store.add_studies((("a", "{}"),))

            def buttons() -> tuple[str, bool, bool, int]:
                now = store.find_study("a")
                assert now is not None
                found = actions_of(store, now, 2)
                return found.start, found.cancel, found.delete, found.workers

            assert buttons() == ("Start", False, True, 2)
            store.enqueue(row.id, 16)
            assert buttons() == ("", True, False, 2)
            store.begin_job(row.id)
            assert buttons() == ("", True, False, 2)
            store.cancel(row.id)
            assert buttons() == ("", False, False, 2)
            store.stop_job(row.id)
            assert buttons() == ("Go on", False, True, 2)
            store.enqueue(row.id, 1)
            store.begin_job(row.id)
            store.fail_job(row.id, "no such file")
            assert buttons() == ("Try again", False, True, 1)
            store.enqueue(row.id, 1)
            store.begin_job(row.id)
            store.end_study(row.id, "finished")
            assert buttons() == ("", False, True, 2)
            store.end_study(row.id, "exhausted")
            assert buttons() == ("Look again", False, True, 2)


def test_a_study_that_is_started_on_its_page_runs_until_it_is_cancelled_there(tmp_path: Path) -> None:
    study = STUDY.replace("few", "lstm_to_gru").replace("trials: 2", "trials: 500").replace("small", "long")
    running, over = threading.Event(), threading.Event()
    with serving_pages(f"sqlite:///{tmp_path / 'studies.db'}", run=True) as served:
        answer = send(served, "/new/create", space="", study=study, then="start", workers="2")
        assert answer.headers["location"] == "/study?name=long"
        client = served.client()

        def follow() -> None:
            for progress in client.events("long"):
                if progress.state == "running" and progress.trials:
                    running.set()
            over.set()

        thread = threading.Thread(target=follow)
        thread.start()
        assert running.wait(DEADLINE)
        assert "Cancel" in offered(served, "long")
        act(served, "cancel", "long")
        assert over.wait(DEADLINE)
        thread.join(DEADLINE)
        assert state(served, "long") == "cancelled"
        assert "Go on" in offered(served, "long")


def test_buttons_are_named_for_everybody(server: Served) -> None:
    create(server, "named")
    found: Element = show(server, "/study", name="named").one("section", aria_label="Actions")
    assert found.one("input", name="workers").attributes["aria-label"] == "Cores"
