"""A log of what is evaluated, and a look at the outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.study.fake_work import LOG
from tests.study.reader import Reader


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file to which the stand-in for training writes what it starts."""
    path = tmp_path / "starts.log"
    monkeypatch.setenv(LOG, str(path))
    return path


@pytest.fixture
def reader(url: str) -> Reader:
    """Looks at the small study in the database."""
    return Reader(url)
