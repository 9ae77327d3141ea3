"""The PostgreSQL server of the tests does what tests of faults ask of it, and leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tests.databases.cluster import Cluster, Shutdown
from tests.databases.fixtures import POSTGRESQL_ONLY
from tests.databases.raw import execute, query
from tests.study.runner.waiting import wait_until

ROOT = Path(__file__).parents[2]
OWNER = """
from tests.databases.cluster import Cluster, find_binaries
cluster = Cluster(find_binaries())
print(cluster.folder, flush=True)
input()
"""


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_committed_outlives_a_restart(own_cluster: Cluster, mode: Shutdown) -> None:
    url = own_cluster.create_database()
    execute(url, "CREATE TABLE numbers (n INTEGER)")
    with connect(url) as connection:
        connection.execute("INSERT INTO numbers VALUES (1)")
        execute(url, "INSERT INTO numbers VALUES (2)")
        own_cluster.restart(mode)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("INSERT INTO numbers VALUES (3)")
    assert query(url, "SELECT n FROM numbers") == [(2,)]


@POSTGRESQL_ONLY
def test_the_password_is_asked_for_and_sessions_can_be_ended(cluster: Cluster, url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        connect(url, password="x")
    with connect(url) as connection:
        assert cluster.end_sessions(url) == 1
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            connection.execute("SELECT 1")
    assert query(url, "SELECT current_user") == [("archsearch",)]


def connect(url: str, **changes: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A plain connection; with other parts of the URL."""
    parts = make_url(url).set(drivername="postgresql", **changes)  # type: ignore[arg-type]
    return psycopg.connect(parts.render_as_string(hide_password=False))


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_of_it_when_its_owner_is_killed(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().decode().strip())
        port = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()[3])
        owner.send_signal(number)
    wait_until(lambda: not folder.exists())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
