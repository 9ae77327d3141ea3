"""What the process of a study does in each case: its exit status, and what it leaves in the database."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

import pytest

from archsearch.errors import Interrupted, Refused
from archsearch.store import JobRow, Unavailable
from archsearch.store.lock import study_lock
from archsearch.study import coordinator
from archsearch.study.definition import Definition
from archsearch.study.runner.child import main
from archsearch.study.runner.processes import HELD, UNAVAILABLE
from tests.store.free_store import FreeStore
from tests.study.samples import complete, small, snapshot

PLAIN = {"search": {"trials": 1, "seeds": 1}, "baselines": [], "confirm": {"best": 1}, "report": {"best": 1}}


@pytest.fixture
def store(url: str) -> Iterator[FreeStore]:
    """With the small study, which a runner has just begun."""
    with FreeStore.create(url) as opened:
        (study,) = opened.add_studies([("small", small(**PLAIN).text)])
        opened.enqueue(study.id, 2)
        opened.begin_job(study.id)
        opened.set_process(study.id, os.getpid(), 0.0, "")
        yield opened


def play(url: str, study: str = "small") -> int:
    return main({"url": url, "study": study, "workers": 2, "tasks_from": None})


def job(store: FreeStore) -> JobRow:
    (found,) = store.jobs()
    return found


def let_run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The coordinator ends with an error."""

    def run(*_: object) -> None:
        raise error

    monkeypatch.setattr(coordinator, "run", run)


@pytest.mark.usefixtures("log")
def test_a_study_that_comes_to_its_end_has_no_job_any_more(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(definition: Definition, found: str, workers: int) -> None:
        assert definition.text == small(**PLAIN).text
        assert (found, workers) == (url, 2)
        complete(small(**PLAIN), url)

    monkeypatch.setattr(coordinator, "run", run)
    assert play(url) == 0
    assert store.jobs() == ()
    assert snapshot(url)["state"] == "finished"


def test_a_stopped_study_keeps_its_job(url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    let_run(monkeypatch, Interrupted("stopped"))
    before = job(store)
    assert play(url) == Interrupted.exit_status == 130
    assert job(store) == before


def test_a_study_that_somebody_else_runs_keeps_its_job(url: str, store: FreeStore) -> None:
    before = job(store)
    with study_lock(url, "small"):
        assert play(url) == HELD
    assert job(store) == before


PASSING = [
    Unavailable("the database was locked"),
    *(OSError(number, os.strerror(number)) for number in (errno.ENOSPC, errno.EMFILE, errno.EAGAIN, errno.ENOMEM)),
]


@pytest.mark.parametrize("error", PASSING, ids=str)
def test_what_is_lacking_may_be_there_later(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    let_run(monkeypatch, error)
    before = job(store)
    assert play(url) == UNAVAILABLE
    assert job(store) == before
    assert capsys.readouterr().err == f"study 'small' cannot be run for now: {error}\n"


@pytest.mark.parametrize("error", PASSING, ids=str)
def test_a_database_that_cannot_be_opened_is_one_line_and_may_be_opened_later(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail(_: str) -> FreeStore:
        raise error

    before = job(store)
    monkeypatch.setattr("archsearch.study.runner.child.Store.create", fail)
    assert play(url) == UNAVAILABLE
    assert job(store) == before
    assert capsys.readouterr().err == f"study 'small' cannot be run for now: {error}\n"


def test_a_file_that_is_not_there_is_no_passing_trouble(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_run(monkeypatch, FileNotFoundError(errno.ENOENT, "No such file or directory"))
    assert play(url) == 1
    assert job(store).state == "failed"
    assert "FileNotFoundError" in job(store).reason


def test_a_study_that_cannot_be_run_says_why(url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    let_run(monkeypatch, Refused("the task 'mine' is a file of your own"))
    assert play(url) == 1
    assert (job(store).state, job(store).reason) == ("failed", "the task 'mine' is a file of your own")


def test_a_bug_is_a_failure_with_its_traceback_in_the_log(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_run(monkeypatch, ZeroDivisionError("by zero"))
    assert play(url) == 1
    assert (job(store).state, job(store).reason) == ("failed", "a bug in archsearch: ZeroDivisionError: by zero")
    assert "Traceback" in capsys.readouterr().err


def test_a_definition_that_cannot_be_read_is_a_failure_and_no_crash(url: str, store: FreeStore) -> None:
    store.set_definition(job(store).study_id, "{}")
    assert play(url) == 1
    assert job(store).state == "failed"


def test_a_study_that_was_deleted_meanwhile_is_nothing_to_do(url: str, store: FreeStore) -> None:
    assert play(url, "gone") == 0
    assert job(store).state == "running"
