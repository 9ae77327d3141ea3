"""Creating a study in a browser: all or nothing, with a clear word; and who may post what to /new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archsearch.web.pages.new import ROUTES
from tests.api.serving import TOKEN, Served
from tests.web.conftest import serving_pages
from tests.web.launching import SERIES, SPACE, STUDY, create, faults, send, show, text_in
from tests.web.pages import parse

POSTS = [route.path for route in ROUTES.routes if route.methods == {"POST"}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a database of its own, which runs nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('new') / 'studies.db'}"
    with serving_pages(url) as found:
        yield found


class TestCreating:
    """POST /new/create."""

    def test_leads_to_the_study(self, server: Served) -> None:
        assert create(server, "made") == "/study?name=made"
        with server.http() as http:
            assert http.get("/api/v1/studies/made").json()["state"] == "created"

    def test_starts_it_if_that_is_asked_for(self, server: Served) -> None:
        create(server, "begun", "start")
        with server.http() as http:
            assert http.get("/api/v1/studies/begun").json()["state"] == "queued"
            jobs = http.get("/api/v1/queue").json()["jobs"]
        assert [job["workers"] for job in jobs if job["study"] == "begun"] == [1]

    def test_a_series_leads_to_its_studies(self, server: Served) -> None:
        answer = send(server, "/new/create", space=SPACE, study=SERIES, then="create", workers="")
        assert (answer.status_code, answer.headers["location"]) == (303, "/?name=several.")
        links = [link.text for link in show(server, "/", name="several.").one("tbody").all("a")]
        assert sorted(links) == ["several.long", "several.short"]

    def test_a_name_that_is_taken_is_refused_with_the_texts_kept(self, server: Served) -> None:
        create(server, "twice")
        study = STUDY.replace("study: small", "study: twice")
        answer = send(server, "/new/create", space=SPACE, study=study, then="create", workers="2")
        assert answer.status_code == 409
        root = parse(answer.text)
        assert root.one(role="alert").text == "Nothing was created: there is a study 'twice' already."
        assert (text_in(root, "space"), text_in(root, "study")) == (SPACE, study)

    def test_of_a_series_all_or_none_are_created(self, server: Served) -> None:
        series = SERIES.replace("several", "parts")
        single = STUDY.replace("study: small", "study: parts.long")
        assert send(server, "/new/create", space=SPACE, study=single, then="create", workers="1").status_code == 303
        assert send(server, "/new/create", space=SPACE, study=series, then="start", workers="1").status_code == 409
        with server.http() as http:
            assert http.get("/api/v1/studies/parts.short").status_code == 404

    def test_faulty_texts_create_nothing_and_say_why(self, server: Served) -> None:
        study = STUDY.replace("study: small", "study: faulty")
        space = SPACE.replace("[lstm]", "[gru]")  # only the proof finds it
        answer = send(server, "/new/create", space=space, study=study, then="start", workers="1")
        assert answer.status_code == 422
        root = parse(answer.text)
        assert [fault[0] for fault in faults(root, "space")] == ["6"]
        assert text_in(root, "study") == study
        with server.http() as http:
            assert http.get("/api/v1/studies/faulty").status_code == 404

    @pytest.mark.parametrize("workers", ["", "0", "3", "many", "<b>"])
    def test_cores_that_are_not_there_create_nothing(self, server: Served, workers: str) -> None:
        study = STUDY.replace("study: small", "study: greedy")
        answer = send(server, "/new/create", space=SPACE, study=study, then="start", workers=workers)
        assert answer.status_code == 422
        assert "allowed: 1 to 2" in parse(answer.text).one(role="alert").text
        with server.http() as http:
            assert http.get("/api/v1/studies/greedy").status_code == 404

    def test_without_a_study_there_is_nothing_to_create(self, server: Served) -> None:
        answer = send(server, "/new/create", space=SPACE, study="", then="create", workers="1")
        assert answer.status_code == 422
        assert "there is no study yet" in parse(answer.text).one(role="alert").text

    def test_another_button_is_refused(self, server: Served) -> None:
        answer = send(server, "/new/create", space=SPACE, study=STUDY, then="delete", workers="1")
        assert answer.status_code == 422


class TestGuards:
    """Who may post what."""

    @pytest.mark.parametrize("path", POSTS)
    def test_nobody_posts_without_the_token(self, server: Served, path: str) -> None:
        with server.anonymous() as http:
            assert http.post(path, data={"space": "", "study": ""}).status_code == 401

    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
    def test_no_page_of_another_site_posts(self, server: Served, path: str, origin: str) -> None:
        with server.http() as http:
            answer = http.post(path, data={"space": "", "study": ""}, headers={"Origin": origin})
        assert answer.status_code == 403

    def test_our_own_pages_say_where_they_are_from(self, server: Served) -> None:
        with server.http() as http:
            assert http.get("/new").headers["referrer-policy"] == "same-origin"  # else browsers send Origin: null
            own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
            assert http.post("/new/check", data={"space": "", "study": ""}, headers=own).status_code == 200

    def test_a_read_only_server_says_so_and_takes_nothing(self, storage: str) -> None:
        with serving_pages(storage, read_only=True) as served:
            root = show(served, "/new")
            assert "read-only" in root.one("main").text
            assert not list(root.all("textarea"))
            for path in POSTS:
                with served.http() as http:
                    assert http.post(path, data={"space": "", "study": ""}).status_code in (404, 405)

    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"space=&study=&study=", "application/x-www-form-urlencoded", 422),
            (b"space=&study=&extra=1", "application/x-www-form-urlencoded", 422),
            (b"space=", "application/x-www-form-urlencoded", 422),
            (b"space=&study=%ED%A0%80", "application/x-www-form-urlencoded", 422),
            (b"space=&study=%FF%FE", "application/x-www-form-urlencoded", 422),
            (b'{"space": "", "study": ""}', "application/json", 415),
            (b"--x--", "multipart/form-data; boundary=x", 415),
            (b"study=" + b"x" * 2**20, "application/x-www-form-urlencoded", 413),
            (b"study=" + b"x" * (30 * 2**20), "application/x-www-form-urlencoded", 413),
        ],
    )
    def test_a_form_that_no_page_of_ours_has_is_refused(
        self, server: Served, path: str, body: bytes, kind: str, status: int
    ) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind, "Accept": "text/html"}
        with server.http(headers=headers) as http:
            answer = http.post(path, content=body)
        assert answer.status_code == status
        assert parse(answer.text).one("h1").text
