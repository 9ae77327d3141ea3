"""docs/api.md says what is so."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import get_args

import pytest

from archsearch.api.app import make_app
from archsearch.api.parameters import MOST_FILTERS
from archsearch.api.routes.validation import MOST_SAMPLES
from archsearch.schema.states import StudyState
from archsearch.server.settings import ServerLimits, Settings
from tests.api.serving import TOKEN, Served, serving

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


BLOCKS = re.findall(r"^```python\n(.*?)^```", DOCS, flags=re.DOTALL | re.MULTILINE)
SPACE = "space: my_space\nwiring: lstm\nholes: {cell_input: [tanh, relu]}\n"
STUDY = """study: my_study
space: my_space
task: {name: parity, train_length: 3, test_length: 6}
model: {hidden_size: 4}
training: {learning_rate: 0.02, sequences: 320}
search: {trials: 2}
"""


def test_the_python_that_launches_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_study.yaml").write_text(STUDY, encoding="utf-8")
    Path("my_space.yaml").write_text(SPACE, encoding="utf-8")
    printed = io.StringIO()
    with serving(f"sqlite:///{tmp_path / 'a.db'}") as found, contextlib.redirect_stdout(printed):
        exec(BLOCKS[1], {"client": found.client(), "Path": Path})
        assert found.client().studies().total == 0
    assert "StudySummary(study='my_study', state='queued', workers=2, task='parity'" in printed.getvalue()


def test_the_python_of_the_page_runs(served: Served) -> None:
    code = BLOCKS[0].replace("http://127.0.0.1:8765/?token=TOKEN", f"{served.url}/?token={TOKEN}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("quickstart", "tiny"), {})
    lines = printed.getvalue().splitlines()
    assert lines[0].startswith("no winner")
    assert lines[-1] == "finished 5 of 5"


def test_every_route_stands_on_the_page_and_no_other() -> None:
    table = DOCS.partition("## Routes")[2].partition("\n## ")[0]
    cells = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    told = [(path, method or "GET") for cell in cells for path, method in re.findall(r"`(.*?)`(?: \((\w+)\))?", cell)]
    served = {("openapi.json", "GET")}  # stands above the table
    for route in make_app(Settings("", frozenset(), TOKEN, 1)).routes:
        (method,) = route.methods  # type: ignore[attr-defined]
        path = str(route.path).removeprefix("/api/v1/").replace("{evaluation}", "{id}")  # type: ignore[attr-defined]
        served.add((path, method))
    assert sorted([*told, ("openapi.json", "GET")]) == sorted(served)


def test_every_state_stands_on_the_page() -> None:
    table = DOCS.partition("## States")[2].partition("## ")[0]
    told = [name for row in re.findall(r"^\| ([a-z, ]+) \|", table, flags=re.MULTILINE) for name in row.split(", ")]
    assert sorted(told) == sorted(["state", *get_args(StudyState)])


def test_the_limits_of_the_page_are_the_real_ones() -> None:
    limits, page = ServerLimits(), " ".join(DOCS.split())
    assert f"{limits.body // 2**20} MiB per body" in page
    assert f"{limits.query // 1024} KiB per address, {limits.headers // 1024} KiB of headers" in page
    assert f"{limits.header_seconds:g} s for the head of a request, {limits.seconds:g} s for an answer" in page
    assert f"{limits.taking:g} s for its client to take it" in page
    assert f"{limits.burst} requests at once and {limits.rate:g} a second per client" in page
    assert f"{limits.pipelined} requests that wait on each connection" in page
    assert f"There are at most {limits.connections} of them" in page
    assert f"Of connections without the token there are {limits.connections} more" in page
    assert f"{limits.streams} streams of events" in page
    assert f"`filter` as on the command line, at most {MOST_FILTERS} of them" in page
    assert f"`samples` (at most {MOST_SAMPLES})" in page
    assert f"{limits.check_seconds:g} seconds and {limits.check_memory // 2**30} GiB" in page
