"""Names, numbers and texts that nobody would send by accident: no 5xx, and nothing that is let in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from archsearch.api.client import Client
from archsearch.errors import InvalidInput, Refused
from archsearch.server.problems import problem
from tests.api.conftest import HOSTILE
from tests.api.serving import Served, serving

STRINGS = (
    "' OR '1'='1",
    "'; DROP TABLE archsearch_studies; --",
    "tiny' UNION SELECT definition FROM archsearch_studies --",
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "../../etc/passwd",
    "/etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "file:///etc/passwd",
    "C:\\windows",
    "\0",
    "a\0b",
    "\r\nX-Injected: 1",
    "\ufeff",
    "\u202e",
    "\ud7ff\uffff",
    "\U0010ffff",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1e999",
    "-1e999",
    "9" * 1000,
    "0x10",
    "١",
    "{}",
    "[]",
    "null",
    "__proto__",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "=SUM(1)",
    "quickstart.yaml",
    "x" * 3000,
)
PARAMETERS = {
    "/api/v1/studies": ("name", "state", "sort", "descending", "limit", "offset"),
    "/api/v1/studies/tiny/trials": (
        "state",
        "least",
        "most",
        "line",
        "arch_id",
        "sort",
        "descending",
        "limit",
        "offset",
    ),
    "/api/v1/studies/tiny/board": ("phase", "sort", "descending", "filter", "limit", "offset"),
    "/api/v1/studies/tiny/failures": ("limit", "offset"),
    "/api/v1/cells": ("input_size", "hidden_size"),
    "/api/v1/cells/lstm": ("input_size", "hidden_size"),
    "/api/v1/queue": ("limit",),
    "/api/v1/tasks": ("tasks_from",),
}
PLACES = (
    "/api/v1/studies/{}",
    "/api/v1/studies/{}/board",
    "/api/v1/studies/{}/trials",
    "/api/v1/studies/{}/events",
    "/api/v1/studies/{}/importance",
    "/api/v1/studies/tiny/trials/{}/evaluations",
    "/api/v1/studies/tiny/entries/{}",
    "/api/v1/studies/tiny/entries/{}/diagram.svg",
    "/api/v1/studies/tiny/entries/{}/evaluations",
    "/api/v1/evaluations/{}/curve",
    "/api/v1/cells/{}",
    "/api/v1/cells/{}/diagram.svg",
    "/api/v1/tasks/{}",
    "/{}",
)


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: repr(text)[:24])
def test_hostile_parameters_are_refused_or_find_nothing(served: Served, text: str) -> None:
    with served.http() as http:
        for path, names in PARAMETERS.items():
            for name in names:
                answer = http.get(path, params={name: text})
                assert answer.status_code in (200, 422), (path, name, answer.text)
                assert "x-injected" not in answer.headers
                if answer.status_code == 200:
                    assert not answer.json().get("trials")
                    assert not answer.json().get("studies") or name in ("name", "descending")
                else:
                    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("relation", ["objective>", "solved=", "line~", "line=", "arch=", ""])
def test_hostile_filters_are_refused_or_find_nothing(served: Served, relation: str) -> None:
    with served.http() as http:
        for text in STRINGS:
            answer = http.get("/api/v1/studies/tiny/board", params={"filter": f"{relation}{text}"})
            assert answer.status_code in (200, 422), (text, answer.text)
            if answer.status_code == 200:
                assert answer.json()["rows"] == [] or "-" in text, text  # everything is above minus infinity


@pytest.mark.parametrize("place", PLACES)
def test_hostile_paths_lead_nowhere(served: Served, place: str) -> None:
    with served.http() as http:
        for text in STRINGS:
            for spelt in (quote(text, safe=""), quote(text)):
                answer = http.get(place.format(spelt))
                assert answer.status_code in (303, 404, 405, 414, 422), (spelt, answer.status_code)
                assert "root:" not in answer.text
                assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("rest", ["", "/diagram.svg", "/evaluations"])
def test_what_no_spec_is_called_is_no_question_for_the_database(
    served: Served, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite finds nothing; PostgreSQL takes no NUL, and would seem not to answer."""
    asked: list[str] = []
    monkeypatch.setattr("archsearch.store.store.Store.has_entry", lambda store, study, phase, spec: asked.append(spec))
    with served.http() as http:
        for text in ("\0", "a\0b", "0a\n", "0A", "g", "a" * 65, "\u0661"):
            answer = http.get(f"/api/v1/studies/tiny/entries/{quote(text, safe='')}{rest}")
            assert answer.status_code == 404, text
            assert answer.json()["detail"] == "the study has no entry with this spec"
        assert asked == []
        assert http.get(f"/api/v1/studies/tiny/entries/{'a' * 64}{rest}").status_code == 404
    assert set(asked) == {"a" * 64}


CHANGES = (("POST", "/start"), ("POST", "/cancel"), ("DELETE", ""))


@pytest.mark.parametrize(("method", "rest"), CHANGES)
def test_hostile_names_change_nothing(served: Served, method: str, rest: str) -> None:
    with served.http() as http:
        for text in STRINGS:
            for spelt in (quote(text, safe=""), quote(text)):
                answer = http.request(method, f"/api/v1/studies/{spelt}{rest}")
                assert answer.status_code in (404, 405, 414, 422), (spelt, answer.status_code)
                assert answer.headers["content-type"] == "application/problem+json"
            answer = http.post("/api/v1/studies/tiny/start", params={"workers": text})
            assert answer.status_code in (414, 422), (text, answer.status_code)
    assert served.client().study("tiny").state == "finished"


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_studies_with_hostile_names_are_listed_and_their_names_lead_to_them_alone(served: Served, name: str) -> None:
    client = served.client()
    listed = {study.study for study in client.studies(limit=1000).studies}
    assert name in listed
    if "/" in name or name in (".", ".."):  # an address cannot hold them
        with pytest.raises((Refused, InvalidInput)):
            client.study(name)
        return
    assert client.study(name).study == name
    assert client.board(name).rows == ()
    assert client.trials(name).total == 0


def test_json_is_ascii_so_that_no_browser_takes_it_for_anything_else(served: Served) -> None:
    with served.http() as http:
        answer = http.get("/api/v1/studies?limit=1000")
    assert answer.content.isascii()
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"\xef\xbb\xbfcell: x", b".nan", b"1e999", b"[" * 100_000,
        b"- " * 50_000, b"a: &a [*a]", b"a: 1\na: 2", b'a: 1\n"a": 2', b"cell: !!python/object:os.system x",
        b'{"a": NaN}', b'{"cell": "\\ud800"}', b"cell: x\nstates: {h: .nan}\noutput: h\nequations: {h: x}",
        b"cell: x\nstates: {h: 1e999}\noutput: h\nequations: {h: x}", b"study: x", b"--- a\n--- b",
        b"cell: x\nequations: {h: " + b"(" * 10_000 + b"}", b"space: x\nwiring: lstm\nholes: {a: [1, 1]}",
        b"cell: x\nstates: {h: 0}\noutput: h\nequations: {h: 9**9**9}",
        b"cell: x\nstates: {h: 0}\noutput: h\nequations: {h: __import__('os').system('id')}",
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_hostile_texts_are_not_valid(served: Served, body: bytes) -> None:
    with served.http() as http:
        answer = http.post("/api/v1/validate", content=body, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    assert answer.json()["problems"]


@pytest.mark.parametrize(
    "kind", ["application/jsonp", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]
)
def test_texts_of_another_kind_are_refused(served: Served, kind: str) -> None:
    with served.http() as http:
        assert http.post("/api/v1/validate", content=b"cell: x", headers={"Content-Type": kind}).status_code == 415


def test_an_unexpected_error_says_nothing_but_an_id_that_the_log_has_too(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("secret /etc/passwd SELECT")

    monkeypatch.setattr("archsearch.store.store.Store.page_studies", fail)
    with served.http() as http:
        answer = http.get("/api/v1/studies?name=secret")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "something went wrong; the server's log has more",
        "request": answer.headers["x-request-id"],
    }
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.__dict__["facts"]["request"] == answer.json()["request"]


def test_our_errors_are_problems_in_the_sense_of_the_rfc() -> None:
    for status in (400, 401, 403, 404, 405, 413, 415, 421, 422, 429, 500, 503):
        answer = problem(status)
        assert answer.media_type == "application/problem+json"
        assert answer.status_code == status


def test_a_server_that_says_nonsense_is_refused_by_the_client(tmp_path: Path) -> None:
    import http.server
    import threading

    class Nonsense(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500 if "study" in self.path else 200)
            self.end_headers()
            self.wfile.write(b'{"total": NaN, "studies": "<script>"}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Nonsense) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        client = Client(f"http://127.0.0.1:{server.server_port}", token="x")
        with pytest.raises(Refused, match="are the versions equal"):
            client.cells()
        with pytest.raises(Refused, match="the server answers 500"):
            client.study("study")
        server.shutdown()
        thread.join()
    with client, pytest.raises(Refused, match="cannot be reached"):
        client.cells()


@pytest.mark.parametrize("url", ["", "localhost:8765", "file:///etc/passwd", "http://", "ftp://x", "\0"])
def test_the_client_refuses_what_is_no_address(url: str) -> None:
    with pytest.raises(InvalidInput, match="is not the address of a server"):
        Client(url)


def test_the_client_says_when_the_token_is_wrong(storage: str) -> None:
    with serving(storage) as found:
        with Client(found.url) as client, pytest.raises(Refused, match="a token is needed"):
            client.studies()
        for client in (Client(found.url, "wrong"), Client(f"{found.url}?token=wrong")):
            with client, pytest.raises(Refused, match="the token is not valid"):
                client.studies()
        assert found.client().studies().total
