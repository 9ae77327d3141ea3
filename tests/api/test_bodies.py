"""Bodies: JSON is read strictly, and nothing that is sent becomes more than one clear refusal."""

from __future__ import annotations

import functools
import json
from typing import Any

import httpx
import pytest

from archsearch.errors import InvalidInput
from archsearch.server.bodies import strict_json
from tests.api.serving import TOKEN, Served
from tests.api.test_limits import pieces, refused
from tests.api.wire import raw

JSON = {"Content-Type": "application/json"}
YAML = {"Content-Type": "application/yaml"}
ROUTES = ("/api/v1/validate", "/api/v1/studies")

NO_JSON = {
    "nothing": b"",
    "a word": b"study",
    "half": b'{"study": "a',
    "two": b"{} {}",
    "NaN": b'{"study": NaN}',
    "infinity": b'{"study": {"a": Infinity}}',
    "minus infinity": b'{"study": {"a": -Infinity}}',
    "too large": b'{"study": {"a": 1e999}}',
    "too small": b'{"study": {"a": -1e999}}',
    "digits": b'{"study": {"a": ' + b"9" * 5000 + b"}}",
    "surrogate": b'{"study": "\\ud800"}',
    "surrogate in a key": b'{"study": {"\\udfff": 1}}',
    "twins": b'{"study": "a", "study": "b"}',
    "twins inside": b'{"study": {"a": 1, "a": 1}}',
    "deep": b'{"study": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deeper": b"[" * 1_000_000,
    "latin-1": b'{"study": "caf\xe9"}',
    "utf-16": '{"study": "a"}'.encode("utf-16"),
    "mark": b'\xef\xbb\xbf{"study": "a"}',
    "raw control": b'{"study": "a\x00b"}',
}
OTHER_SHAPES: dict[str, Any] = {
    "list": [],
    "text": "study: a",
    "null": None,
    "number": 1,
    "empty": {},
    "no study": {"space": "a"},
    "unknown": {"study": "a", "token": "b"},
    "study null": {"study": None},
    "study list": {"study": ["a"]},
    "study number": {"study": 1},
    "space number": {"study": "a", "space": 1.5},
    "start text": {"study": "a", "start": "true"},
    "workers zero": {"study": "a", "workers": 0},
    "workers text": {"study": "a", "workers": "1"},
    "workers real": {"study": "a", "workers": 1.0},
    "workers many": {"study": "a", "workers": 10**30},
}


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON.keys())
def test_what_is_no_plain_json_is_refused(served: Served, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        strict_json(content)
    with served.http() as http:
        for route in ROUTES:
            answer = http.post(route, content=content, headers=JSON)
            assert answer.status_code == 422, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert len(answer.content) < 1000  # nothing of the input comes back


@pytest.mark.parametrize(
    "content", [b'{"a": [1, 2.5, true, null, "\\ud83d\\ude00", -0.0, 1e-300]}', b"1", b'"a"', b"[]"]
)
def test_plain_json_is_read_as_it_is(content: bytes) -> None:
    assert strict_json(content) == json.loads(content)


@pytest.mark.parametrize("document", OTHER_SHAPES.values(), ids=OTHER_SHAPES.keys())
def test_json_of_another_shape_is_refused(served: Served, document: Any) -> None:
    with served.http() as http:
        for route in ROUTES:
            answer = http.post(route, content=json.dumps(document), headers=JSON)
            assert answer.status_code == 422, answer.text
            assert answer.json()["problems"]
        assert http.get("/api/v1/queue").json()["jobs"] == []


@pytest.mark.parametrize(
    "kind",
    ["", "application/xml", "text/html", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
     "application/json/x", "application/yaml2", "*/*", "\xff"],
)  # fmt: skip
def test_other_kinds_are_refused(served: Served, kind: str) -> None:
    with served.http() as http:
        for route in ROUTES:
            headers = httpx.Headers([(b"Content-Type", kind.encode("latin-1"))])
            assert http.post(route, content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("kind", [JSON, YAML], ids=["json", "yaml"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "validate"), ("POST", "studies"), ("POST", "studies/tiny/start"), ("POST", "studies/tiny/cancel"),
     ("DELETE", "studies/tiny")],
)  # fmt: skip
def test_large_bodies_are_refused_whatever_they_are(
    served: Served, method: str, path: str, kind: dict[str, str]
) -> None:
    for content in (b"1" * 30_000_000, pieces(30_000_000)):
        with served.http() as http:
            send = functools.partial(http.request, method, f"/api/v1/{path}", content=content, headers=kind)
            assert refused(send) in ({413} if path in ("validate", "studies") else {413, 422})


def test_a_length_that_lies_creates_nothing(served: Served) -> None:
    head = f"POST /api/v1/studies HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
    for length in ("-1", "1e3", "5, 6", "0x5", "9" * 30):
        sent = f"{head}Content-Type: application/yaml\r\nContent-Length: {length}\r\n\r\nstudy: a".encode()
        assert raw(served, sent).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))
    both = f"{head}Content-Type: application/yaml\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    answer = raw(served, f"{both}Connection: close\r\n\r\n0\r\n\r\n".encode(), b"study: a")
    assert answer.count(b"HTTP/1.1 ") == 1
    short = f"{head}Content-Type: application/yaml\r\nContent-Length: 8\r\nConnection: close\r\n\r\n".encode()
    assert raw(served, short, b"study: aPOST /x").count(b"HTTP/1.1 ") == 1


def test_where_no_body_is_meant_none_is_taken(served: Served) -> None:
    with served.http() as http:
        for method, path in (("POST", "tiny/start"), ("POST", "tiny/cancel"), ("DELETE", "tiny")):
            answer = http.request(method, f"/api/v1/studies/{path}", content=b"{}")
            assert answer.status_code == 422
            assert "a body" in answer.text
    assert served.client().study("tiny").state == "finished"


def test_what_json_says_is_not_said_in_the_address_as_well(served: Served) -> None:
    with served.http() as http:
        for query in ("start=true", "workers=1"):
            answer = http.post(f"/api/v1/studies?{query}", json={"study": "study: a"})
            assert answer.status_code == 422
            assert "a body of JSON says this itself" in answer.text
