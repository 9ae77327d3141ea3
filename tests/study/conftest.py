"""Databases, a log of what is evaluated, and a look at the outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.store.store import Store
from archsearch.study.mirror import make_tables
from tests.databases.cluster import Cluster
from tests.study.fake_work import LOG
from tests.study.reader import Reader


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A database with all tables, ours and Optuna's: a copy takes a sixth of the time that they take to be made."""
    url = cluster.create_database()
    Store.create(url).close()
    make_tables(url)
    return url


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
