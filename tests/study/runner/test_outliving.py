"""Real servers and real coordinators, which are killed: nothing is lost, and nothing is counted twice.

A stand-in evaluates, since loading torch takes longer than all else, and waits at a gate, so that a study is in the
middle however fast the machine is. Coordinators that are to be found there are stopped (SIGSTOP).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from archsearch.schema.phases import PHASES
from archsearch.store import HeldElsewhere
from archsearch.store.lock import runner_lock
from archsearch.store.store import Store
from archsearch.study.jobs import cancel_study, start_study
from archsearch.study.stored import plan_of
from tests.databases.fixtures import BOTH
from tests.databases.raw import query
from tests.study.fake_work import score
from tests.study.optuna_tables import optuna_numbers
from tests.study.runner.gate import VARIABLE, Gate
from tests.study.runner.studies import CORES, add, job, pid
from tests.study.runner.waiting import wait_until

Server = subprocess.Popen[str]
Serve = Callable[[], Server]

ROOT = Path(__file__).parents[3]
STAND_IN_HASH = score().weights_hash
STAND_IN = Path(__file__).parent / "stand_in"


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Lets two jobs of each coordinator pass."""
    return Gate(tmp_path / "gate", jobs=2)


@pytest.fixture
def serve(url: str, store: Store, gate: Gate) -> Iterator[Serve]:
    """Starts servers; ends them and all coordinators of the database whatever happens."""
    servers: list[Server] = []

    def begin() -> Server:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.study.runner.server", url, str(CORES)],
            stdin=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {MARK: url, VARIABLE: str(gate.path), "PYTHONPATH": f"{STAND_IN}{os.pathsep}{ROOT}"},
        )
        servers.append(server)
        return server

    yield begin
    for process in marked(url):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    for server in servers:
        server.communicate()


MARK = "ARCHSEARCH_TEST_DATABASE"


def marked(url: str) -> list[psutil.Process]:
    """The servers of a database, and whatever they have started, orphans included."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == url:
                found.append(process)
    return found


def send(store: Store, name: str, number: signal.Signals) -> None:
    found = pid(store, name)
    assert found is not None
    os.kill(found, number)


def alive(number: int | None) -> bool:
    if number is None or not psutil.pid_exists(number):
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    return False


def asked_to_end(number: int) -> bool:
    """Whether a termination signal waits for a stopped process."""
    status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    (pending,) = [line.split()[1] for line in status.splitlines() if line.startswith("ShdPnd:")]
    return bool(int(pending, 16) >> (signal.SIGTERM - 1) & 1)


def counted(url: str, *names: str) -> set[tuple[object, ...]]:
    """What studies have counted: each run with the evaluation that it counts, and when that ended."""
    runs = (
        "SELECT name, phase, r.spec_id, seed_index, evaluation_id, kind, finished_at FROM archsearch_runs r"
        " JOIN archsearch_studies s ON s.id = study_id LEFT JOIN archsearch_evaluations e ON e.id = evaluation_id"
    )
    return {row for row in query(url, runs) if not names or row[0] in names}


def freeze(url: str, store: Store, names: str, more_than: int = 0) -> None:
    """Stop each of these coordinators as soon as it has so many results, and outside of any transaction."""
    left = set(names)

    def freeze_some() -> bool:
        for name in [each for each in left if len(counted(url, each)) > more_than]:
            if suspend(psutil.Process(pid(store, name)), url):
                left.remove(name)
        return not left

    wait_until(freeze_some)


def suspend(process: psutil.Process, url: str) -> bool:
    """Stop a process, unless it is using the database; whether it has been stopped."""
    process.suspend()
    wait_until(lambda: process.status() == psutil.STATUS_STOPPED)
    if not is_free(url):
        process.resume()
        return False
    return True


def is_free(url: str) -> bool:
    """Whether nobody reads or writes a database; a stopped process that does would hold up all others."""
    if url.startswith("postgresql"):
        others = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        return not query(url, f"SELECT pid FROM pg_stat_activity WHERE {others}")
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True


def assert_whole(url: str, store: Store, name: str) -> None:
    """The study has come to its end with exactly what its file asks for, in our tables and in Optuna's."""
    row = store.find_study(name)
    assert row is not None
    plan, progress = plan_of(row), store.progress(row.id)
    assert row.state == "finished"
    assert sum(progress.trials.values()) == plan.trials == progress.trials["complete"]
    assert progress.runs == {phase: plan.runs(phase) for phase in PHASES}
    assert progress.failed == {}
    assert query(url, "SELECT DISTINCT weights_hash FROM archsearch_evaluations") == [(STAND_IN_HASH,)], "no training"
    ids = [each[4] for each in counted(url, name)]
    assert len(set(ids)) == len(ids), "no evaluation counts twice"
    assert optuna_numbers(url, name) == [trial.number for trial in store.trials(row.id)]


@BOTH
def test_studies_outlive_their_servers_and_the_death_of_everything(
    url: str, store: Store, serve: Serve, gate: Gate
) -> None:
    first = serve()
    add(store, "ab")
    freeze(url, store, "ab")
    pids = {name: pid(store, name) for name in "ab"}

    # The server is killed: its coordinators go on by themselves.
    first.kill()
    first.wait()
    before = counted(url)
    assert all(alive(number) for number in pids.values())
    gate.let(4)
    send(store, "a", signal.SIGCONT)
    freeze(url, store, "a", more_than=len([row for row in before if row[0] == "a"]))

    # The next server adopts them, and can stop one that it has not started.
    second = serve()
    cancel_study(store, "a")
    assert pids["a"] is not None
    wait_until(lambda: asked_to_end(pids["a"] or 0))
    send(store, "a", signal.SIGCONT)
    wait_until(lambda: job(store, "a").state == "cancelled")
    assert not alive(pids["a"])
    assert (pid(store, "b"), job(store, "b").crashes) == (pids["b"], 0)
    assert alive(pids["b"])
    start_study(store, "a", 1, CORES)
    wait_until(lambda: job(store, "a").state == "running" and alive(pid(store, "a")))
    assert pid(store, "a") != pids["a"]

    # Server and coordinators are killed.
    second.kill()
    second.wait()
    for name in "ab":
        send(store, name, signal.SIGKILL)
    wait_until(lambda: not any(alive(pid(store, name)) for name in "ab"))
    kept = counted(url)
    assert before < kept
    assert all(store.find_study(name).state == "running" for name in "ab")  # type: ignore[union-attr]

    # The third one brings all of them to their end.
    gate.open()
    serve()
    wait_until(lambda: store.jobs() == ())
    for name in "ab":
        assert_whole(url, store, name)
    assert kept < counted(url), "what was counted is not evaluated again"


@BOTH
def test_a_stopped_server_hands_its_studies_to_the_next(url: str, store: Store, serve: Serve, gate: Gate) -> None:
    first = serve()
    add(store, "a")
    wait_until(lambda: job(store, "a").state == "running")
    second = serve()
    freeze(url, store, "a")
    add(store, "b")
    wait_until(lambda: pid(store, "b") is not None)
    children = {child.pid for child in psutil.Process(first.pid).children()}
    assert children == {pid(store, "a"), pid(store, "b")}, "one server runs the queue"
    assert psutil.Process(second.pid).children() == []
    with pytest.raises(HeldElsewhere, match="another server runs the queue"):
        runner_lock(url).__enter__()
    kept = counted(url)

    assert first.stdin is not None
    first.stdin.close()
    wait_until(lambda: asked_to_end(pid(store, "a") or 0))
    send(store, "a", signal.SIGCONT)
    assert first.wait(180) == 0
    assert not any(psutil.pid_exists(child) for child in children), "it has waited for them"
    wait_until(lambda: {pid(store, name) for name in "ab"}.isdisjoint({None}))
    for name in "ab":
        assert psutil.Process(pid(store, name)).ppid() == second.pid, "the other server has taken over"
        assert job(store, name).crashes == 0
    gate.open()
    wait_until(lambda: store.jobs() == ())
    for name in "ab":
        assert_whole(url, store, name)
    assert kept < counted(url)
