"""A database that an earlier archsearch has written: readers refuse it, `run` and `storage upgrade` migrate it."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archsearch.cli.main import main
from archsearch.errors import Refused
from archsearch.store.creation import upgrade_tables
from archsearch.store.owned import own_study
from archsearch.store.store import Store
from archsearch.store.tables import SCHEMA_VERSION
from tests.databases.fixtures import SQLITE_ONLY
from tests.store.samples import make_version, run, spec

pytestmark = SQLITE_ONLY
EARLIER = range(1, SCHEMA_VERSION)


def content(file: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of all tables, Optuna's too, but the version."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'archsearch_schema'"
        )
        return {name: list(map(dict, connection.execute(f"SELECT * FROM {name}"))) for (name,) in tables.fetchall()}


def former(value: object, number: int) -> object:
    """A value as that version wrote it: those before 4 called the cell input of a wiring its candidate."""
    return re.sub("cell[_ ]input", "candidate", value) if isinstance(value, str) and number < 4 else value


def made_of(file: Path) -> dict[str, str]:
    """Our tables and indexes with the statements that made them, white space and quotes of defaults apart."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name LIKE '%archsearch%'"
        )
        return {name: "".join(sql.split()) for name, sql in found}


def version(file: Path) -> list[tuple[int]]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT version FROM archsearch_schema").fetchall()


@pytest.mark.parametrize("number", EARLIER)
@pytest.mark.parametrize("way", ["storage upgrade", "run"])
def test_an_upgrade_keeps_every_row_and_makes_the_tables_of_a_new_database(
    url: str, tmp_path: Path, number: int, way: str
) -> None:
    file = make_version(number, url)
    before = content(file)
    if way == "run":
        with own_study(url, "another", "{}"):
            pass
    else:
        assert main(["storage", "upgrade", "--storage", url]) == 0
    after = content(file)
    for table, rows in before.items():
        kept = [{name: former(row[name], number) for name in old} for old, row in zip(rows, after[table], strict=False)]
        assert kept == rows, table
    assert version(file) == [(SCHEMA_VERSION,)]
    fresh = tmp_path / "fresh.db"
    Store.create(f"sqlite:///{fresh}").close()
    assert made_of(file) == made_of(fresh)


@pytest.mark.parametrize("number", EARLIER)
@pytest.mark.parametrize(
    "command",
    ["status", "board small", "failures small", "report small", "doctor", "serve", "serve --read-only", "cancel small"],
)
def test_what_only_reads_refuses_an_older_database_and_names_the_command(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, command: str
) -> None:
    file = make_version(number, url)
    before = file.read_bytes()
    assert main([*command.split(), "--storage", url]) == 1
    printed = "".join(capsys.readouterr())
    assert f"tables of version {number}, this archsearch knows {SCHEMA_VERSION}" in " ".join(printed.split())
    assert f"archsearch storage upgrade --storage {url}" in "".join(printed.split("\n")).replace("  ", "")
    assert file.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {file.name, f"{file.name}.schema.lock"}


def test_an_upgrade_is_done_once_and_says_so(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = make_version(1, url)
    assert main(["storage", "upgrade", "--storage", url]) == 0
    upgraded = file.read_bytes()
    assert main(["storage", "upgrade", "--storage", url]) == 0
    assert file.read_bytes() == upgraded
    assert capsys.readouterr().out.splitlines() == [
        f"{file} has been upgraded from version 1 to {SCHEMA_VERSION}",
        f"{file} is of version {SCHEMA_VERSION} already",
    ]


def test_an_upgrade_makes_no_database(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["storage", "upgrade", "--storage", url]) == 1
    assert "no database at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_all_of_an_older_database_can_be_read_after_an_upgrade(url: str) -> None:
    make_version(1, url)
    upgrade_tables(url)
    with Store.create(url) as store:
        assert [(row.name, row.state) for row in store.list_studies()] == [("over", "finished"), ("quick", "running")]
        found = store.find_study("quick")
        assert found is not None
        assert [trial.state for trial in store.trials(found.id)] == ["complete", "failed"]
        assert store.runs(found.id, "search", spec(0).spec_id)[0].evaluation is not None
        assert store.attempts(run(found.id, 1)) == 1
        store.enqueue(found.id, 2)
        assert [(job.study, job.state) for job in store.jobs()] == [("quick", "queued")]


@pytest.mark.parametrize("number", EARLIER)
def test_an_upgrade_that_fails_leaves_the_older_database(url: str, number: int) -> None:
    """Tables, indexes and version are one transaction."""
    file = make_version(number, url)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TRIGGER fail BEFORE UPDATE ON archsearch_schema BEGIN SELECT RAISE(ABORT, 'the last step'); END"
        )
    before = made_of(file)
    with pytest.raises(Refused, match="the last step"):
        upgrade_tables(url)
    assert made_of(file) == before
    assert version(file) == [(number,)]


def test_alembic_is_loaded_only_where_versions_differ(url: str, tmp_path: Path) -> None:
    make_version(2, url)
    old = tmp_path / "old.db"
    shutil.copy(url.removeprefix("sqlite:///"), old)
    script = (
        "import sys; from archsearch.store.creation import upgrade_tables; from archsearch.store.store import Store;"
        "upgrade_tables(sys.argv[1]);"
        "Store.create(sys.argv[1]).close(); Store.read(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    upgrade_tables(url)
    for database, loaded in ((url, "False"), (f"sqlite:///{old}", "True")):
        command = [sys.executable, "-c", script, database]
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == loaded
