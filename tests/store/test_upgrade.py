"""A database that an earlier archsearch has written: read as it is, upgraded by whoever opens it for writing."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.store import Cut, Store
from archsearch.store.address import parse_address
from archsearch.store.creation import open_for_reading
from archsearch.store.engine import writing
from archsearch.store.tables import SCHEMA_VERSION
from tests.store.samples import make_version_1, run, spec

OLD = ("architectures", "attempts", "entries", "environments", "evaluations", "runs", "specs", "studies", "trials")


def content(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables that there have always been."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return {name: connection.execute(f"SELECT * FROM archsearch_{name}").fetchall() for name in (*OLD, "weights")}


def made_of(file: Path) -> dict[str, str]:
    """Tables and indexes with the statements that made them, white space apart."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: "".join(sql.split()) for name, sql in found}


def version(file: Path) -> list[tuple[int]]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT version FROM archsearch_schema").fetchall()


def read_everything(store: Store) -> None:
    """What pages and commands ask for."""
    assert [(study.name, study.state) for study in store.list_studies()] == [("over", "finished"), ("quick", "running")]
    assert [row.name for row in store.page_studies("state", Cut(9), state="finished").rows] == ["over"]
    found = store.find_study("quick")
    assert found is not None
    assert store.jobs() == ()
    assert store.job(found.id) is None
    assert [trial.state for trial in store.trials(found.id)] == ["complete", "failed"]
    assert store.runs(found.id, "search", spec(0).spec_id)[0].evaluation is not None
    assert store.attempts(run(found.id, 1)) == 1
    assert store.stamp(found.id)[0] == "running"


def test_an_older_database_is_read_and_stays_as_it_is_byte_for_byte(url: str, tmp_path: Path) -> None:
    file = make_version_1(url)
    before = file.read_bytes()
    for _ in range(2):
        with Store.read(url) as reader:
            read_everything(reader)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_of_an_older_database_still_writes_nothing(url: str) -> None:
    file = make_version_1(url)
    before = file.read_bytes()
    address = parse_address(url)
    engine = open_for_reading(address)
    for statement in (
        "DELETE FROM archsearch_studies",
        "CREATE TABLE more (x)",
        "INSERT INTO archsearch_jobs (study_id, state, workers, ticket, changed_at) VALUES (1, 'queued', 1, 1, '')",
    ):
        with pytest.raises(Refused, match="reading only"), writing(engine, address) as connection:
            connection.exec_driver_sql(statement)
    assert file.read_bytes() == before


def test_a_writer_upgrades_and_keeps_everything(url: str, tmp_path: Path) -> None:
    file = make_version_1(url)
    before = content(file)
    with Store.create(url) as store:
        read_everything(store)
    assert content(file) == before
    assert version(file) == [(SCHEMA_VERSION,)] == [(2,)]
    fresh = tmp_path / "fresh.db"
    Store.create(f"sqlite:///{fresh}").close()
    assert made_of(file) == made_of(fresh), "the upgraded database is made as a new one"


def test_an_upgrade_is_done_once(url: str) -> None:
    file = make_version_1(url)
    Store.create(url).close()
    upgraded = file.read_bytes()
    Store.create(url).close()
    Store.read(url).close()
    assert file.read_bytes() == upgraded


def test_jobs_can_be_had_after_an_upgrade(url: str) -> None:
    make_version_1(url)
    with Store.create(url) as store:
        found = store.find_study("quick")
        assert found is not None
        store.enqueue(found.id, 2)
        assert [(job.study, job.state) for job in store.jobs()] == [("quick", "queued")]


def test_a_reader_from_before_the_upgrade_sees_what_comes_after_it(url: str) -> None:
    make_version_1(url)
    with Store.read(url) as reader:
        read_everything(reader)
        with Store.create(url) as store:
            read_everything(reader)
            store.enqueue(1, 2)
            store.add_studies([("new", "{}")])
            assert reader.jobs() == store.jobs() != ()
            assert [study.state for study in reader.list_studies()] == ["created", "finished", "queued"]


def test_an_upgrade_that_fails_leaves_the_older_database(url: str) -> None:
    """Tables, indexes and version are one transaction."""
    file = make_version_1(url)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TRIGGER fail BEFORE UPDATE ON archsearch_schema BEGIN SELECT RAISE(ABORT, 'the last step'); END"
        )
    before = made_of(file)
    with pytest.raises(Refused, match="the last step"):
        Store.create(url)
    assert made_of(file) == before
    assert version(file) == [(1,)]
