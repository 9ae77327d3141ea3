"""What people ask of a server: studies are created, started, cancelled and deleted by name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archsearch.errors import InvalidInput, Refused
from archsearch.findings.boards import read_standing
from archsearch.store import AlreadyCounted, EvaluationKey, EvaluationRow, HeldElsewhere
from archsearch.store.lock import runner_lock, study_lock
from archsearch.store.owned import Owned
from archsearch.store.store import Store
from archsearch.study.jobs import cancel_study, delete_study, settle_study, start_study
from archsearch.study.runner.processes import beginning, here
from tests.databases.fixtures import BOTH
from tests.databases.raw import query, table_names
from tests.store.free_store import FreeStore
from tests.study.child import CONTEXT
from tests.study.optuna_tables import make_optuna_study, optuna_names, optuna_numbers, optuna_trials
from tests.study.samples import complete, holder, small, snapshot, starts

pytestmark = BOTH

TINY = {"search": {"trials": 3, "seeds": 1}, "baselines": ["rnn"]}


@pytest.fixture
def store(url: str) -> Iterator[FreeStore]:
    with FreeStore.create(url) as opened:
        yield opened


def rows(url: str, table: str) -> int:
    """Rows of a table, asked past the store."""
    return int(query(url, f"SELECT count(*) FROM {table}")[0][0])


def all_rows(url: str) -> dict[str, int]:
    """Rows of every table, Optuna's included."""
    return {name: rows(url, name) for name in table_names(url)}


# --- create, start, cancel


def test_a_study_is_created_started_and_cancelled(store: FreeStore) -> None:
    (row,) = store.add_studies([("small", small().text)])
    assert row.state == "created"
    assert start_study(store, "small", 2, 4).state == "queued"
    assert [(job.study, job.workers) for job in store.jobs()] == [("small", 2)]
    assert cancel_study(store, "small").state == "cancelled"
    assert start_study(store, "small", None, 4).state == "queued"
    assert [job.workers for job in store.jobs()] == [4]


def test_a_name_is_taken_once(store: FreeStore) -> None:
    store.add_studies([("small", small().text)])
    with pytest.raises(AlreadyCounted, match="there is a study 'small' already"):
        store.add_studies([("other", "{}"), ("small", "{}")])
    assert [row.name for row in store.list_studies()] == ["small"]


# --- cancel where there is no server


def run_by(store: FreeStore, pid: int | None, host: str = "") -> int:
    """A study that a server has begun to run in this process, which may be none."""
    (row,) = store.add_studies([("small", small().text)])
    start_study(store, "small", 1, 1)
    assert store.begin_job(row.id)
    if pid is not None:
        store.set_process(row.id, pid, beginning(pid) or 1.0, host or here())
    return row.id


NO_PROCESS = 2**22 + 1
GONE = [(None, ""), (NO_PROCESS, ""), (NO_PROCESS, "another.machine 0-0"), (os.getpid(), "this.machine earlier-boot")]


@pytest.mark.parametrize(("pid", "host"), GONE, ids=["none", "dead", "elsewhere", "another boot"])
def test_a_study_that_nobody_runs_has_stopped_when_it_is_cancelled(
    url: str, store: FreeStore, pid: int | None, host: str
) -> None:
    """Its server was stopped, or has died with it: nobody else will ever say so."""
    run_by(store, pid, host)
    with pytest.raises(Refused, match="cancel it first"):
        delete_study(url, "small")
    assert cancel_study(store, "small", url).state == "cancelled"
    delete_study(url, "small")
    assert store.list_studies() == ()


def test_a_server_says_itself_that_a_study_has_stopped(url: str, store: FreeStore) -> None:
    run_by(store, NO_PROCESS)
    with runner_lock(url):
        assert cancel_study(store, "small", url).state == "stopping"
        assert not settle_study(store, "small", url)
        with pytest.raises(Refused, match=r"^study 'small' is stopping: there is nothing to cancel$"):
            cancel_study(store, "small", url)
        with pytest.raises(Refused, match=r"^study 'small' is stopping: it can be deleted once it has stopped$"):
            delete_study(url, "small")
    assert settle_study(store, "small", url)
    delete_study(url, "small")


def test_a_study_that_outlived_its_server_is_stopping_until_it_has_ended(url: str, store: FreeStore) -> None:
    run_by(store, NO_PROCESS)
    with study_lock(url, "small"):
        assert cancel_study(store, "small", url).state == "stopping"
        assert not settle_study(store, "small", url)
    assert cancel_study(store, "small", url).state == "cancelled", "whoever asks again is told"


def test_a_process_that_has_yet_to_take_the_lock_of_its_study_runs_it(url: str, store: FreeStore) -> None:
    """It loads torch before."""
    study = run_by(store, os.getpid())
    assert cancel_study(store, "small", url).state == "stopping"
    store.clear_process(study)
    assert settle_study(store, "small", url)
    assert store.list_studies()[0].state == "cancelled"


def test_only_what_was_asked_to_stop_is_settled(url: str, store: FreeStore) -> None:
    study = run_by(store, None)
    assert not settle_study(store, "small", url)
    assert store.list_studies()[0].state == "running"
    store.end_study(study, "finished")
    assert not settle_study(store, "small", url)
    assert store.list_studies()[0].state == "finished"


def test_without_the_address_a_study_is_left_to_the_server(store: FreeStore) -> None:
    run_by(store, None)
    assert cancel_study(store, "small").state == "stopping"


def test_where_no_lock_can_be_had_a_cancel_counts_all_the_same(
    url: str, store: FreeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise Refused("cannot lock the queue: Permission denied")

    run_by(store, None)
    monkeypatch.setattr("archsearch.study.jobs.runner_lock", fail)
    assert cancel_study(store, "small", url).state == "stopping"


@pytest.mark.parametrize("workers", [0, -1, 5])
def test_more_workers_than_cores_are_refused(store: FreeStore, workers: int) -> None:
    store.add_studies([("small", small().text)])
    with pytest.raises(InvalidInput, match=f"workers: {workers} evaluations at once; allowed: 1 to 4, the cores"):
        start_study(store, "small", workers, 4)
    assert store.list_studies()[0].state == "created"


@pytest.mark.parametrize(
    "ask",
    [
        lambda store, url: start_study(store, "smal", 1, 1),
        lambda store, url: cancel_study(store, "smal"),
        lambda store, url: delete_study(url, "smal"),
    ],
    ids=["start", "cancel", "delete"],
)
def test_an_unknown_study_is_wrong_input(
    url: str, store: FreeStore, ask: Callable[[FreeStore, str], object], tmp_path: Path
) -> None:
    store.add_studies([("small", small().text)])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InvalidInput, match=r"no study 'smal' in (sqlite|postgresql).*did you mean 'small'"):
        ask(store, url)
    assert sorted(tmp_path.iterdir()) == before, "no lock is left for a name that means nothing"


# --- delete


@pytest.mark.usefixtures("log")
def test_a_study_that_is_deleted_is_gone_from_our_tables_and_optunas(url: str) -> None:
    complete(small(**TINY), url)
    assert optuna_names(url) == ["small"]
    delete_study(url, "small")
    left = {name: number for name, number in all_rows(url).items() if number}
    assert left == {"archsearch_schema": 1, "version_info": 1, "alembic_version": 1}


def test_the_name_of_a_deleted_study_can_be_run_anew(url: str, log: Path) -> None:
    complete(small(), url)
    first, before = snapshot(url), starts(log)
    delete_study(url, "small")
    with FreeStore.create(url) as store:
        store.add_studies([("small", small().text)])
    log.unlink()
    complete(small(), url)
    assert snapshot(url) == first
    assert sorted(starts(log)) == sorted(before), "all of it is evaluated again"
    assert optuna_numbers(url) == [row[0] for row in first["trials"]]


@pytest.mark.usefixtures("log")
def test_another_study_keeps_what_it_counts_and_its_board(url: str) -> None:
    """Two studies of one seed count the same evaluations; the second has run none of them."""
    complete(small(**TINY), url)
    evaluations = rows(url, "archsearch_evaluations")
    complete(small(**TINY, study="twin"), url)
    assert rows(url, "archsearch_evaluations") == evaluations > 3
    before, standing = snapshot(url, "twin"), board(url, "twin")
    delete_study(url, "small")
    assert snapshot(url, "twin") == before
    assert board(url, "twin") == standing
    assert rows(url, "archsearch_evaluations") == evaluations
    assert optuna_names(url) == ["twin"]
    assert len(optuna_trials(url, "twin")) == len(before["trials"])


def board(url: str, name: str) -> object:
    with Store.read(url) as store:
        row = store.find_study(name)
        assert row is not None
        return read_standing(store, row)


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        ("queued", "cancel it first"),
        ("running", "cancel it first"),
        ("stopping", "it can be deleted once it has stopped"),
    ],
)
def test_a_study_that_waits_or_runs_is_not_deleted(url: str, store: FreeStore, state: str, remedy: str) -> None:
    complete(small(**TINY), url)
    before = all_rows(url)
    study = start_study(store, "small", 1, 1).id
    if state != "queued":
        assert store.begin_job(study)
    if state == "stopping":
        cancel_study(store, "small")
    with pytest.raises(Refused, match=f"^study 'small' is {state}: {remedy}$"):
        delete_study(url, "small")
    assert all_rows(url) == before | {"archsearch_jobs": 1}


def hold_lock(url: str, ready: object, done: object) -> None:
    with study_lock(url, "small"):
        ready.set()  # type: ignore[attr-defined]
        done.wait(60)  # type: ignore[attr-defined]


def test_a_study_that_another_process_runs_is_not_deleted(url: str) -> None:
    complete(small(**TINY), url)
    before = all_rows(url)
    ready, done = CONTEXT.Event(), CONTEXT.Event()
    process = CONTEXT.Process(target=hold_lock, args=(url, ready, done))
    process.start()
    try:
        assert ready.wait(60)
        with pytest.raises(HeldElsewhere, match=f"study 'small' is being run by {holder(url, process.pid or 0)}"):
            delete_study(url, "small")
        assert all_rows(url) == before
    finally:
        done.set()
        process.join(60)
    delete_study(url, "small")
    assert rows(url, "archsearch_studies") == 0


def test_a_study_that_somebody_made_with_optuna_stays(url: str, store: FreeStore) -> None:
    store.add_studies([("small", small().text)])
    make_optuna_study(url)
    delete_study(url, "small")
    assert [trial.value for trial in optuna_trials(url)] == [1.0]
    assert store.list_studies() == ()


def test_a_study_that_never_ran_is_deleted(url: str, store: FreeStore) -> None:
    store.add_studies([("small", small().text), ("other", small().text)])
    delete_study(url, "small")
    assert [(row.name, row.state) for row in store.list_studies()] == [("other", "created")]


def test_a_deletion_that_breaks_off_leaves_a_whole_study(url: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Study and copy are deleted in one transaction."""
    complete(small(**TINY), url)
    before = all_rows(url)

    def die(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("archsearch.store.deletion._delete_unused", die)  # the last step
        with pytest.raises(ZeroDivisionError):
            delete_study(url, "small")
    assert all_rows(url) == before
    delete_study(url, "small")
    assert optuna_names(url) == []


@pytest.mark.usefixtures("log")
def test_a_study_goes_on_when_what_it_was_about_to_count_is_deleted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It evaluates that itself."""
    complete(small(**TINY, study="twin"), url)
    find = Owned.find_complete
    found = []

    def find_and_delete(store: Owned, key: EvaluationKey) -> EvaluationRow | None:
        row = find(store, key)
        found.append(row)
        if row is not None and sum(each is not None for each in found) == 2:
            delete_study(url, "twin")
        return row

    monkeypatch.setattr(Owned, "find_complete", find_and_delete)
    complete(small(**TINY), url)
    monkeypatch.undo()
    assert found.count(None) > 1, "what follows is found no more"
    with Store.read(url) as store:
        (row,) = store.list_studies()
        assert (row.name, row.state) == ("small", "finished")
        assert sum(store.progress(row.id).trials.values()) == 3
