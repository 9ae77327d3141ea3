"""Opening a database: what is made, what is refused, and the settings of every connection."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable

from archsearch.errors import InvalidInput, Refused
from archsearch.store import StudyRow
from archsearch.store.address import parse_address
from archsearch.store.creation import open_for_reading, upgrade_tables
from archsearch.store.engine import WAL_IS_SAFE, explained, writing
from archsearch.store.lock import study_lock
from archsearch.store.store import Store
from archsearch.store.tables import metadata
from tests.databases.fixtures import SQLITE_ONLY, SYNCHRONOUS
from tests.databases.raw import execute, query, table_names
from tests.store.free_store import FreeStore
from tests.store.samples import propose


@SQLITE_ONLY
def test_reading_a_missing_database_makes_nothing(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no database at .*study\.db: run `archsearch run` first or name one with"):
        Store.read(url)
    assert list(tmp_path.iterdir()) == []


def test_reading_a_database_without_our_tables_makes_none(url: str) -> None:
    execute(url, "CREATE TABLE theirs (x INTEGER)")
    with pytest.raises(Refused, match="no database at"):
        Store.read(url)
    assert table_names(url) == ["theirs"]


@SQLITE_ONLY
def test_reading_an_empty_file_leaves_it_empty(url: str, tmp_path: Path) -> None:
    file = tmp_path / "study.db"
    file.touch()
    with pytest.raises(Refused, match="no database at"):
        Store.read(url)
    assert file.read_bytes() == b""


def test_a_reader_writes_nothing(url: str, store: FreeStore, study: StudyRow) -> None:
    with Store.read(url) as reader:
        assert reader.find_study("quick") == study
        with pytest.raises(Refused, match="reading only"):
            reader.enqueue(study.id, 1)
    address = parse_address(url)
    engine = open_for_reading(address)
    with pytest.raises(Refused, match="reading only"), writing(engine, address) as connection:
        connection.exec_driver_sql("DELETE FROM archsearch_studies")
    engine.dispose()
    assert store.find_study("quick") == study


def test_opening_again_keeps_what_is_there(url: str, store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.close()
    with FreeStore.create(url) as again:
        assert len(again.trials(study.id)) == 1


def test_tables_of_others_are_left_alone(url: str) -> None:
    execute(url, "CREATE TABLE studies (x INTEGER)")
    execute(url, "INSERT INTO studies VALUES (7)")
    with FreeStore.create(url) as store:
        store.create_study("quick", "{}")
    assert query(url, "SELECT x FROM studies") == [(7,)]


def test_all_tables_carry_the_prefix() -> None:
    assert all(name.startswith("archsearch_") for name in metadata.tables)


def test_a_newer_schema_is_refused(url: str, store: FreeStore) -> None:
    store.close()
    execute(url, "UPDATE archsearch_schema SET version = 1000")
    for way in (Store.create, Store.read):
        with pytest.raises(Refused, match=r"version 1000.*newer archsearch"):
            way(url)


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_never_was_is_damage_and_not_migrated(url: str, store: FreeStore, version: int) -> None:
    store.close()
    execute(url, f"UPDATE archsearch_schema SET version = {version}")
    with pytest.raises(Refused, match="names no version"):
        upgrade_tables(url)


def test_a_lock_that_cannot_be_made_is_no_other_process() -> None:
    """A file under /proc can be made by no one, and the system says that it is missing."""
    with (
        pytest.raises(Refused, match=r"cannot make the file /proc/x\.db.*\.lock"),
        study_lock("sqlite:////proc/x.db", "s"),
    ):
        pass


@SQLITE_ONLY
@pytest.mark.usefixtures("store")
def test_opening_takes_no_lock_from_another_connection_of_this_process(url: str, tmp_path: Path) -> None:
    """POSIX gives up all locks of a process on a file when it closes any descriptor of it."""
    begin = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    file = tmp_path / "study.db"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        Store.read(url).close()
        other = subprocess.run([sys.executable, "-c", begin, file], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr
        writer.execute("ROLLBACK")
    subprocess.run([sys.executable, "-c", begin, file], check=True)


@SQLITE_ONLY
@pytest.mark.parametrize("content", [b"x", b"hello world, this is no database at all", b"\0" * 4096])
def test_another_file_is_refused_and_left_as_it_is(url: str, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "study.db"
    file.write_bytes(content)
    for way in (Store.create, Store.read):
        with pytest.raises(Refused, match=r"study\.db is not an SQLite database"):
            way(url)
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@SQLITE_ONLY
def test_a_damaged_database_is_refused(url: str, tmp_path: Path, store: FreeStore) -> None:
    store.close()
    file = tmp_path / "study.db"
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 4000)
    for way in (Store.create, Store.read):
        with pytest.raises(Refused, match=r"the database .* is damaged"):
            way(url)


def test_folders_and_missing_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not a file"):
        FreeStore.create(f"sqlite:///{tmp_path}")
    with pytest.raises(Refused, match=r"the folder of the database .* does not exist"):
        FreeStore.create(f"sqlite:///{tmp_path / 'no' / 'study.db'}")
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match=r"no database|cannot be opened"):
        Store.read(f"sqlite:///{tmp_path / 'file' / 'study.db'}")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "study.db",
        "/tmp/study.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=memory",
        "sqlite://host/x.db",
        "sqlite+aiosqlite:///x.db",
        "sqlite:///nul\0.db",
        "sqlite:///lone\ud800.db",
        "mysql://user:secret@host/db",
        "postgresql+asyncpg://user:secret@host/db",
        "postgresql://user:secret@host/db",
        "file:///etc/passwd",
        "postgresql+psycopg://user:secret@host:port/db",
    ],
)
def test_other_urls_are_refused_without_their_password(url: str) -> None:
    for way in (Store.create, Store.read):
        with pytest.raises(
            InvalidInput, match=r"storage: .* is not a valid database URL; allowed: sqlite:///FILE"
        ) as refused:
            way(url)
        assert "secret" not in str(refused.value)


def test_a_password_is_not_shown() -> None:
    address = parse_address("postgresql+psycopg://user:secret@host/db")
    assert str(address) == "postgresql+psycopg://user:***@host/db"


def test_postgresql_without_its_driver_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for way in (Store.create, Store.read):
        with pytest.raises(Refused, match=r"needs the package psycopg: install archsearch\[postgres\]"):
            way("postgresql+psycopg://user:secret@host/db")


@pytest.mark.parametrize("name", ["with space.db", "a?mode=ro.db", "100%25.db", "#.db", "'.db", "é\u202e.db", "=x.db"])
def test_the_file_has_the_name_that_was_asked_for(tmp_path: Path, name: str) -> None:
    address = parse_address("sqlite:///x.db")
    with FreeStore.create(str(address.url.set(database=str(tmp_path / name)))) as store:
        store.create_study("quick", "{}")
    assert (tmp_path / name).stat().st_size > 0


@SQLITE_ONLY
def test_a_database_that_is_deleted_meanwhile_is_not_made_again(store: FreeStore, tmp_path: Path) -> None:
    (tmp_path / "study.db").unlink()
    with pytest.raises(Refused, match="cannot be opened"):
        store.create_study("quick", "{}")
    assert not (tmp_path / "study.db").exists()


@SQLITE_ONLY
def test_every_connection_is_careful(store: FreeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.store.engine.SYNCHRONOUS", SYNCHRONOUS)
    with store._engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "synchronous", "busy_timeout", "journal_mode")
        }
    journal = "wal" if WAL_IS_SAFE else "delete"
    assert settings == {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 60_000, "journal_mode": journal}


@SQLITE_ONLY
def test_database_errors_become_one_line(url: str) -> None:
    causes = {
        "database or disk is full": "cannot grow: the disk is full",
        "database is locked": "was locked by another process for 60 s",
        "disk I/O error\nmore": "failed: disk I/O error",
    }
    for cause, text in causes.items():
        with pytest.raises(Refused) as refused, explained(parse_address(url)):
            raise OperationalError("SELECT secret", None, sqlite3.OperationalError(cause))
        assert str(refused.value).endswith(f"study.db {text}")


@SQLITE_ONLY
def test_a_full_disk_keeps_what_was_acknowledged(store: FreeStore, study: StudyRow, tmp_path: Path) -> None:
    propose(store, study.id, 0)
    connection = sqlite3.connect(tmp_path / "study.db")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    event.listen(store._engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(Refused, match=r"the disk is full"):
        store.create_study("big", "x" * 10_000_000)
    assert [found.name for found in store.list_studies()] == ["quick"]
    assert len(store.trials(study.id)) == 1


def test_the_tables_can_be_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=dialect))
        assert "BLOB" not in text
        for index in table.indexes:
            assert ("WHERE" in str(CreateIndex(index).compile(dialect=dialect))) == index.unique


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("archsearch.store", {"sqlalchemy"}),
        ("archsearch.store.store, archsearch.board", {"torch", "optuna", "scipy"}),
    ],
)
def test_records_load_no_database_library_and_the_store_none_of_the_others(modules: str, absent: set[str]) -> None:
    program = f"import sys, {modules}; print({absent} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
