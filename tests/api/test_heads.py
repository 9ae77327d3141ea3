"""HEAD is GET without a body, behind the same guards."""

from __future__ import annotations

import pytest

from tests.api.serving import TOKEN, Served
from tests.api.test_access import ROUTES, address, ask

PATHS = sorted({address(route) for route in ROUTES if "GET" in (route.methods or ()) and "/events" not in route.path})


@pytest.mark.parametrize("path", PATHS)
def test_head_says_what_get_says_without_the_body(served: Served, path: str) -> None:
    with served.http() as http:
        head, get = http.head(path), http.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "content-security-policy", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)


def test_head_of_a_stream_ends(served: Served) -> None:
    with served.http() as http:
        answer = http.head("/api/v1/studies/going/events")  # it would go on for as long as the study runs
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")
        for _ in range(40):  # more than the streams that may be open: each has given its place back
            assert http.head("/api/v1/studies/going/events").status_code == 200


def test_head_is_guarded_as_get_is(served: Served) -> None:
    for path in PATHS:
        open_to_all = path == "/healthz"
        assert ask(served, "HEAD", path) == (200 if open_to_all else 401)
        token = {"Authorization": f"Bearer {TOKEN}"}
        assert ask(served, "HEAD", path, Host="evil.example", **token) == 421
        assert ask(served, "HEAD", path, Origin="http://evil.example", **token) == 403
    assert ask(served, "HEAD", "/api/v1/validate", Authorization=f"Bearer {TOKEN}") == 405
