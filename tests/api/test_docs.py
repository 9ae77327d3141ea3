"""docs/api.md says what is so."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from archsearch.api.app import make_app
from archsearch.api.settings import Limits, Settings
from tests.api.serving import TOKEN, Served

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_python_of_the_page_runs(served: Served) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", DOCS, flags=re.DOTALL | re.MULTILINE)
    code = block.replace("http://127.0.0.1:8765/?token=TOKEN", f"{served.url}/?token={TOKEN}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("quickstart", "tiny"), {})
    lines = printed.getvalue().splitlines()
    assert lines[0].startswith("no winner")
    assert lines[-1] == "finished 5 of 5"


def test_every_route_stands_on_the_page() -> None:
    told = set(re.findall(r"`(/?[a-z]+(?:/[a-z_{}]+)*)`", DOCS.partition("## Security")[0]))
    for route in make_app(Settings("", frozenset(), TOKEN, 1)).routes:
        path = str(route.path).removeprefix("/api/v1/")  # type: ignore[attr-defined]
        assert {path, path.replace("{evaluation}", "{id}"), f"/api/v1/{path}", f"/{path}"} & told or path in DOCS


def test_the_limits_of_the_page_are_the_real_ones() -> None:
    limits, page = Limits(), " ".join(DOCS.split())
    assert f"{limits.body // 2**20} MiB per body" in page
    assert f"{limits.query // 1024} KiB per address, {limits.headers // 1024} KiB of headers" in page
    assert f"{limits.header_seconds:g} s for the head of a request, {limits.seconds:g} s for an answer" in page
    assert f"{limits.burst} requests at once and {limits.rate:g} a second per client" in page
    assert f"{limits.connections} connections, {limits.streams} streams of events" in page
    assert f"{limits.check_seconds:g} seconds and {limits.check_memory // 2**30} GiB" in page
