"""`archsearch doctor`: what it finds, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, Done


def states(done: Done) -> dict[str, str]:
    """The state of each check."""
    return {check["check"]: check["state"] for check in done.json["checks"]}


def test_a_machine_that_runs_the_tests_is_healthy(call: Call) -> None:
    done = call("doctor", "--json")
    assert (done.status, done.err) == (0, "")
    assert done.json["healthy"]
    assert {"python", "torch", "optuna", "workers", "compiler", "sqlite", "database", "writable"} <= set(states(done))
    assert "the first run makes it" in call("doctor").out
    assert not list(Path().iterdir())


def test_a_database_that_is_there_is_opened(call: Call, stored: str) -> None:
    assert "archsearch.db: 1 study" in call("doctor").out


@pytest.mark.parametrize(
    ("storage", "check"),
    [("sqlite:///nowhere/a.db", "writable"), ("mysql://host/a", "database"), ("sqlite:///text.db", "database")],
)
def test_a_database_that_cannot_be_used_fails(call: Call, storage: str, check: str) -> None:
    Path("text.db").write_text("no database, but text")
    done = call("doctor", "--storage", storage, "--json")
    assert done.status == 1
    assert not done.json["healthy"]
    assert states(done)[check] == "failed"


def test_a_password_is_not_printed(call: Call) -> None:
    done = call("doctor", "--storage", "postgresql+psycopg://me:secret@localhost:1/none")
    assert done.status == 1
    assert "secret" not in done.out + done.err


def test_a_compiler_that_does_not_work_is_a_warning(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/bin/false")
    done = call("doctor", "--json")
    assert done.status == 0
    assert states(done)["compiler"] == "warning"


def test_a_missing_package_fails(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    def version(package: str) -> Any:
        if package == "torch":
            raise metadata.PackageNotFoundError
        return "1"

    monkeypatch.setattr(metadata, "version", version)
    done = call("doctor", "--json")
    assert done.status == 1
    assert states(done)["torch"] == "failed"
