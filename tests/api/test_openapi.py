"""The OpenAPI document holds: schemathesis asks every route for what it allows and for what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archsearch.api.app import make_app
from archsearch.server.settings import Settings
from tests.api.serving import TOKEN, serving
from tests.cli.samples import record_study

EXAMPLES = 8
"""Per route and phase; the document's own corners come on top."""
CONFIG = """
# Schemathesis does not list 414 and 431: an address or a header that is too long is refused before it is read.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429, 431, "5xx"]

# No schema of JSON can say whether a text is a study: most texts that fit it are refused all the same.
[[operations]]
include-name = "POST /api/v1/studies"
checks.positive_data_acceptance.expected-statuses = [201, 409, 422]

# No document knows how many cores a server has.
[[operations]]
include-name = "POST /api/v1/studies/{study}/start"
checks.positive_data_acceptance.expected-statuses = [202, 404, 409, 422]
"""


EVENTS = "/api/v1/studies/{study}/events"


@pytest.mark.parametrize(("chosen", "operations"), [(f"--exclude-path={EVENTS}", 23), (f"--include-path={EVENTS}", 1)])
def test_schemathesis_finds_nothing(tmp_path: Path, chosen: str, operations: int) -> None:
    """Streams by themselves: the other routes start the study, and following one that waits would never end."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny")
    with serving(url) as found:
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG, encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command.append(f"{found.url}/api/v1/openapi.json")
        options = ["--checks=all", f"--max-examples={EXAMPLES}", "--seed=1", "--phases=coverage,fuzzing", chosen]
        options += ["--header", f"Authorization: Bearer {TOKEN}", "--warnings=off", "--no-color"]
        done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert f"{operations} passed" in done.stdout


def test_every_route_but_the_document_itself_is_in_the_document() -> None:
    app = make_app(Settings("", frozenset(), TOKEN, 1))
    documented = {(path, method) for path, methods in app.openapi()["paths"].items() for method in methods}
    served = {(route.path, method.lower()) for route in app.routes for method in route.methods}  # type: ignore[attr-defined]
    assert served - documented == {("/api/v1/openapi.json", "get")}
    assert documented <= served
    assert all("summary" in operation for methods in app.openapi()["paths"].values() for operation in methods.values())
