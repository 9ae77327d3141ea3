"""A database that is set back to an older copy under its coordinator, and a study that lacks some of its trials."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
from psycopg import sql
from sqlalchemy import make_url

from archsearch.errors import Interrupted
from archsearch.store import SetBack
from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.executors import Event, Finished, local
from archsearch.study.mirror import make_tables
from tests.cli.conftest import Call, call
from tests.databases.cluster import Cluster
from tests.databases.fixtures import BOTH, POSTGRESQL_ONLY
from tests.databases.raw import execute
from tests.study.fake_work import mark_of, score, unit
from tests.study.optuna_tables import optuna_trials
from tests.study.samples import changed, small, snapshot
from tests.study.test_failures import Instant

__all__ = ["call"]

Fault = Callable[[str], None]


class Quick(Instant):
    """An executor whose scores follow from spec and seed."""

    def wait(self, timeout: float) -> list[Event]:
        jobs, self.jobs = self.jobs, []
        return [Finished(job.number, score(unit(mark_of(job.spec), job.seed)), None, 0.1) for job in jobs]


def go_on(url: str, **options: Any) -> None:
    """Run the study with one worker."""
    run(small(), url, 1, executor=Quick, **options)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables: to make Optuna's takes half the time of the study."""
    file = tmp_path_factory.mktemp("ready") / "study.db"
    Store.create(f"sqlite:///{file}").close()
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture
def url(url: str, ready: Path) -> str:
    """A database with all tables and no study."""
    if url.startswith("sqlite"):
        shutil.copy(ready, url.removeprefix("sqlite:///"))
    return url


@pytest.fixture(scope="module")
def undisturbed(ready: Path) -> dict[str, Any]:
    """What the study comes to."""
    file = shutil.copy(ready, ready.with_name("undisturbed.db"))
    go_on(f"sqlite:///{file}")
    return snapshot(f"sqlite:///{file}")


class Backup(Protocol):
    """A copy of a database, made and put back while a coordinator has it open."""

    def make(self) -> None: ...

    def put_back(self) -> None: ...


class FileBackup:
    """Of an SQLite database."""

    def __init__(self, url: str) -> None:
        self.file = Path(url.removeprefix("sqlite:///"))
        self.copy = self.file.with_suffix(".copy")

    def make(self) -> None:
        shutil.copy(self.file, self.copy)

    def put_back(self) -> None:
        shutil.copy(self.copy, self.file)


class ServerBackup:
    """Of a PostgreSQL database: another one, which takes its name. The sessions of the coordinator end."""

    def __init__(self, url: str, cluster: Cluster) -> None:
        self._url, self._cluster = url, cluster
        self._copy = ""

    def make(self) -> None:
        self._cluster.end_sessions(self._url)
        self._copy = self._cluster.create_database(self._url)

    def put_back(self) -> None:
        self._cluster.drop_database(self._url)
        names = [sql.Identifier(make_url(url).database or "") for url in (self._copy, self._url)]
        with self._cluster.admin() as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def set_back(backup: Backup, made: tuple[str, int], put_back: tuple[str, int]) -> Fault:
    """A fault: the backup is made at one moment, and put back at another; a moment is a name and how often it comes."""
    moments: list[str] = []

    def fault(moment: str) -> None:
        moments.append(moment)
        place = moment, moments.count(moment)
        if place == made:
            backup.make()
        if place == put_back:
            backup.put_back()

    return fault


LATER = [
    ("evaluation recorded", 6),  # with which a trial ends
    ("repeat recorded", 1),
    ("refusal recorded", 1),
    ("search ended", 1),
    ("report ended", 1),
]


@pytest.mark.parametrize("put_back", LATER, ids=lambda value: f"{value[0]}-{value[1]}".replace(" ", "-"))
def test_a_database_that_is_set_back_ends_its_coordinator(
    url: str, undisturbed: dict[str, Any], put_back: tuple[str, int]
) -> None:
    backup = FileBackup(url)
    fault = set_back(backup, ("proposal recorded", 1), put_back)
    with pytest.raises(SetBack, match="lacks what study 'small' has recorded: it was set back to an older copy, or"):
        go_on(url, fault=fault)
    assert backup.file.read_bytes() == backup.copy.read_bytes(), "nothing is written, not even for Optuna"
    go_on(url)
    assert snapshot(url) == undisturbed
    numbers = [trial.user_attrs["archsearch_number"] for trial in optuna_trials(url)]
    assert sorted(numbers) == [trial[0] for trial in undisturbed["trials"]]


@POSTGRESQL_ONLY
def test_a_server_that_is_set_back_ends_its_coordinator(
    url: str, cluster: Cluster, undisturbed: dict[str, Any]
) -> None:
    fault = set_back(ServerBackup(url, cluster), ("proposal recorded", 1), ("evaluation recorded", 6))
    with pytest.raises(SetBack, match="lacks what study 'small' has recorded: it was set back to an older copy, or"):
        go_on(url, fault=fault)
    go_on(url)
    assert snapshot(url) == undisturbed


def test_the_command_says_it_in_one_line(
    url: str, undisturbed: dict[str, Any], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(changed(), encoding="utf-8")
    monkeypatch.setattr(local, "EXECUTOR", Quick)
    with monkeypatch.context() as patch:
        fault = set_back(FileBackup(url), ("proposal recorded", 1), ("evaluation recorded", 6))
        patch.setattr("archsearch.study.coordinator._nothing", fault)
        done = call("run", file, "--workers", 1, "--storage", url)
    assert done.status == 1
    said = [line for line in done.err.splitlines() if "older copy" in line]
    assert said == done.err.splitlines()[-1:]
    assert "bug" not in done.err
    assert call("run", file, "--workers", 1, "--storage", url).status == 0
    assert snapshot(url)["trials"] == undisturbed["trials"]


def forget(url: str, *numbers: int) -> None:
    """Delete trials, as by hand."""
    execute(url, f"DELETE FROM archsearch_trials WHERE number IN ({', '.join(map(str, numbers))})")


@BOTH
def test_trials_that_a_finished_study_lacks_are_proposed_again(url: str, undisturbed: dict[str, Any]) -> None:
    go_on(url)
    forget(url, 0, 1, 3)
    go_on(url)
    assert snapshot(url) == undisturbed


def test_trials_that_an_interrupted_study_lacks_are_proposed_again(url: str, undisturbed: dict[str, Any]) -> None:
    stop, seen = threading.Event(), list[str]()

    def fault(name: str) -> None:
        seen.append(name)
        if seen.count("proposal recorded") == 3:
            stop.set()

    with suppress(Interrupted):
        go_on(url, stop=stop, fault=fault)
    with Store.read(url) as store:
        (study,) = store.list_studies()
        assert len(store.trials(study.id)) >= 3
    forget(url, 2)
    go_on(url)
    assert snapshot(url) == undisturbed
