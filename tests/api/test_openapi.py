"""The OpenAPI document holds: schemathesis asks every route for what it allows and for what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archsearch.api.app import make_app
from archsearch.api.settings import Settings
from tests.api.serving import TOKEN, serving
from tests.cli.samples import record_study

EXAMPLES = 8
"""Per route and phase; the document's own corners come on top."""


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny")  # no study that runs: following it would never end
    with serving(url) as found:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{found.url}/api/v1/openapi.json"]
        options = ["--checks=all", f"--max-examples={EXAMPLES}", "--seed=1", "--phases=coverage,fuzzing"]
        options += ["--header", f"Authorization: Bearer {TOKEN}", "--warnings=off", "--no-color"]
        done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "16 passed" in done.stdout


def test_every_route_but_the_document_itself_is_in_the_document() -> None:
    app = make_app(Settings("", frozenset(), TOKEN, 1))
    documented = {(path, method) for path, methods in app.openapi()["paths"].items() for method in methods}
    served = {(route.path, method.lower()) for route in app.routes for method in route.methods}  # type: ignore[attr-defined]
    assert served - documented == {("/api/v1/openapi.json", "get")}
    assert documented <= served
    assert all("summary" in operation for methods in app.openapi()["paths"].values() for operation in methods.values())
