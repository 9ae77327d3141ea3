"""Databases for tests: each test that asks for `url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.store import engine
from tests.databases.cluster import Cluster, find_binaries

SYNCHRONOUS = engine.SYNCHRONOUS
"""How archsearch writes to SQLite. Tests do not wait for the disk at each commit: a killed process loses nothing."""

engine.SYNCHRONOUS = "OFF"

SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests about the file of an SQLite database."""

POSTGRESQL_ONLY = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For tests about the sessions of a PostgreSQL server."""

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""For tests outside the store, which run on SQLite alone unless they say so."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this process, for tests that leave it and the databases of others alone."""
    with _start_cluster() as found:
        yield found


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for one test, which may stop it; takes a second."""
    with _start_cluster() as found:
        yield found


def _start_cluster() -> Cluster:
    binaries = find_binaries()
    if binaries is None:
        message = "no PostgreSQL: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return Cluster(binaries)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def template() -> str | None:
    """The PostgreSQL database of which those of tests are copies; None: they are empty."""
    return None


@pytest.fixture
def new_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new database (SQLite: whose file is yet to be made), another one each time."""
    urls: list[str] = []
    if database == "sqlite":

        def make() -> str:
            urls.append(f"sqlite:///{tmp_path / 'study.db'}{len(urls) or ''}")
            return urls[-1]

        yield make
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    template: str | None = request.getfixturevalue("template")

    def create() -> str:
        urls.append(cluster.create_database(template))
        return urls[-1]

    yield create
    for url in urls:
        cluster.drop_database(url)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The URL of a new database."""
    return new_url()
