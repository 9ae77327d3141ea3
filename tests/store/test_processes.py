"""Several processes: first starts at once, writers at once, deaths inside a transaction, one coordinator per study."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.schema.score import Failure
from archsearch.store import StudyRow
from archsearch.store.lock import schema_lock, study_lock
from archsearch.store.store import Store
from archsearch.store.tables import SCHEMA_VERSION
from tests.databases.fixtures import SQLITE_ONLY
from tests.databases.raw import query
from tests.store.free_store import FreeStore
from tests.store.samples import make_version, propose, run
from tests.study.runner.waiting import wait_until

Child = subprocess.Popen[str]
Start = Callable[..., Child]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts children by role and ends those that are left."""
    children: list[Child] = []

    def begin(role: str, *arguments: str) -> Child:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.store.child", role, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


def release(children: list[Child]) -> list[int]:
    """Let the children go once all are ready; their exit statuses."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return [child.wait(timeout=120) for child in children]


def test_eight_first_starts_at_once_all_succeed(url: str, start: Start) -> None:
    assert release([start("first_start", url, f"study {number}") for number in range(8)]) == [0] * 8
    with Store.read(url) as store:
        assert [study.name for study in store.list_studies()] == [f"study {number}" for number in range(8)]


@SQLITE_ONLY
def test_eight_upgrades_at_once_all_succeed(url: str, start: Start) -> None:
    make_version(1, url)
    assert release([start("upgrade", url, f"study {number}") for number in range(8)]) == [0] * 8
    with Store.read(url) as store:
        names = [study.name for study in store.list_studies()]
    assert names == ["over", "quick", *(f"study {number}" for number in range(8))]
    assert query(url, "SELECT version FROM archsearch_schema") == [(SCHEMA_VERSION,)]


def test_writers_at_once_lose_nothing_and_keep_each_evaluation_once(url: str, start: Start) -> None:
    assert release([start("write", url, f"study {number}") for number in range(3)]) == [0] * 3
    with Store.read(url) as store:
        results = [store.results(study.id, "search") for study in store.list_studies()]
    identities = [[result.runs[0].evaluation for result in each] for each in results]
    assert [len(each) for each in identities] == [20, 20, 20]
    assert identities[0] == identities[1] == identities[2]
    assert len({found.id for found in identities[0] if found}) == 20


@pytest.mark.parametrize("point", ["1", "5", "6", "7", "8", "9", "10", "commit"])
def test_a_death_inside_a_transaction_leaves_nothing_half(
    url: str, store: FreeStore, study: StudyRow, start: Start, point: str
) -> None:
    propose(store, study.id, 0)
    assert release([start("die_in_transaction", url, point)]) == [9]
    with Store.read(url) as reader:
        assert reader.results(study.id, "search")[0].runs == ()
        assert reader.trials(study.id)[0].state == "running"
    for table in ("evaluations", "runs", "weights", "environments"):
        assert query(url, f"SELECT count(*) FROM archsearch_{table}") == [(0,)]
    if url.startswith("sqlite"):
        assert query(url, "PRAGMA integrity_check") == [("ok",)]


@SQLITE_ONLY
def test_a_death_at_the_commit_does_reach_the_file_first(
    url: str, store: FreeStore, study: StudyRow, start: Start
) -> None:
    """The test above tests something: the dead process had written into the file and left a journal behind."""
    propose(store, study.id, 0)
    file = Path(url.removeprefix("sqlite:///"))
    before = file.stat().st_size
    assert release([start("die_in_transaction", url, "commit")]) == [9]
    assert file.stat().st_size > before + 1_000_000
    assert store.record_attempt(run(study.id, 0), Failure(kind="lost", reason="the coordinator died")) == 1
    assert file.stat().st_size == before, "the next writer has rolled it back"


def test_a_second_coordinator_is_told_who_holds_the_study(url: str, new_url: Callable[[], str], start: Start) -> None:
    holder = start("hold_lock", url, "quick")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    who = f"process {holder.pid} on \\S+" if url.startswith("sqlite") else r"server process \d+ for 127\.0\.0\.1"
    with pytest.raises(Refused, match=rf"study 'quick' is being run by {who} since 20\d\d-"):
        study_lock(url, "quick").__enter__()
    with study_lock(url, "another study"), study_lock(new_url(), "quick"):
        pass
    assert release_lock(holder) == 0
    with study_lock(url, "quick"):
        pass


def release_lock(holder: Child) -> int:
    """Let a ready holder go; its exit status."""
    holder.communicate("go\n", timeout=60)
    return holder.returncode


def test_the_lock_of_a_killed_coordinator_is_released(url: str, start: Start) -> None:
    holder = start("hold_lock", url, "quick")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait(timeout=60)
    if url.startswith("sqlite"):
        assert is_free(url)
        with study_lock(url, "quick"):
            (document,) = Path(url.removeprefix("sqlite:///")).parent.glob("*.holder")
            assert json.loads(document.read_text(encoding="utf-8"))["pid"] == os.getpid()
    else:
        wait_until(lambda: is_free(url))  # the server notices that its client is gone
    with study_lock(url, "quick"):
        assert not is_free(url)


def is_free(url: str) -> bool:
    """Whether the study can be locked."""
    try:
        with study_lock(url, "quick"):
            return True
    except Refused:
        return False


@SQLITE_ONLY
def test_a_released_lock_leaves_no_holder_behind(url: str, tmp_path: Path) -> None:
    with study_lock(url, "quick"):
        assert len(list(tmp_path.glob("*.holder"))) == 1
    assert list(tmp_path.glob("*.holder")) == []


@SQLITE_ONLY
@pytest.mark.parametrize("text", ["", "[]", "{", '{"pid": 1}', "\0"])
def test_a_holder_that_cannot_be_read_is_another_process(url: str, tmp_path: Path, text: str) -> None:
    with study_lock(url, "quick"):
        next(tmp_path.glob("*.holder")).write_text(text, encoding="utf-8")
        with pytest.raises(Refused, match="is being run by another process"):
            study_lock(url, "quick").__enter__()


@pytest.mark.parametrize("name", ["../../x", "a/b", "'; DROP", "\x1b[31m", "x" * 5000, "\ud800", ""])
def test_a_hostile_study_name_becomes_no_path(url: str, tmp_path: Path, name: str) -> None:
    with study_lock(url, name):
        assert all(path.name.startswith("study.db.") for path in tmp_path.iterdir())
        with pytest.raises(Refused) as refused:
            study_lock(url, name).__enter__()
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


def test_an_error_under_the_lock_releases_it(url: str) -> None:
    with pytest.raises(ZeroDivisionError), study_lock(url, "quick"):
        raise ZeroDivisionError
    with study_lock(url, "quick"), schema_lock(url):
        pass


def test_a_lock_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"the folder of the database .* does not exist"):
        study_lock(f"sqlite:///{tmp_path / 'no' / 'study.db'}", "quick").__enter__()
