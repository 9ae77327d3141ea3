"""Stopping, going on, asking for more, and being watched."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from archsearch.errors import Interrupted, InvalidInput, Refused
from archsearch.schema.phases import PHASES
from archsearch.study.coordinator import run
from archsearch.study.executors import Executor
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.progress import Event, Snapshot
from tests.databases.fixtures import BOTH
from tests.study import fake_work
from tests.study.reader import Reader
from tests.study.samples import complete, executor, holder, small, snapshot, starts

pytestmark = BOTH


def test_more_trials_seeds_and_entries_may_be_asked_for(url: str, log: Path, reader: Reader) -> None:
    complete(small(), url)
    before = starts(log)
    more = {"search": {"trials": 8}, "confirm": {"best": 3, "seeds": 3}, "report": {"best": 2, "seeds": 3}}
    complete(small(**more, baselines=["rnn", "gru", "lstm"]), url)
    assert len([row for row in snapshot(url)["trials"] if row[7] is None]) == 8
    for phase in ("confirm", "report"):
        ranks = [result.entry.rank for result in reader.results(phase) if result.entry.role == "candidate"]
        assert ranks == list(range(1, len(ranks) + 1)), "those of the first call stay, with the ranks behind"
    assert Counter(result.entry.role for result in reader.results("report"))["baseline"] == 3
    assert all(len(result.runs) == 3 for result in reader.results("report")), "those of the first call, too"
    assert not set(starts(log)[len(before) :]) & set(before)


def test_a_changed_study_is_refused_with_the_difference(url: str) -> None:
    complete(small(search={"trials": 2}), url)
    before = snapshot(url)
    with pytest.raises(
        Refused, match=r"another definition: training\.learning_rate: 0\.01 -> 0\.02; search\.trials: 2"
    ):
        complete(small(training={"learning_rate": 0.02}, search={"trials": 1}), url)
    assert snapshot(url) == before


def test_results_of_two_versions_of_the_training_code_are_not_mixed(url: str) -> None:
    complete(small(search={"trials": 2}), url)

    def newer(slots: int) -> Executor:
        return LocalExecutor(slots, fake_work.work(fake_work.train, version=lambda: 2))

    with pytest.raises(Refused, match="by version 1 of the training code, this is 2"):
        run(small(search={"trials": 9}), url, executor=newer)


@pytest.mark.usefixtures("log")
def test_a_stopped_study_says_so_and_goes_on(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def listen(event: Event) -> None:
        if isinstance(event, Snapshot) and event.phases[0].done >= 3:
            stop.set()

    monkeypatch.setattr("archsearch.study.progress.INTERVAL", 0.0)
    with pytest.raises(Interrupted, match="'small' was stopped"):
        run(small(), url, 2, listen, stop=stop, executor=executor())
    assert snapshot(url)["state"] == "interrupted"
    complete(small(), url)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    complete(small(), other)
    assert snapshot(url) == snapshot(other)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_study_and_handlers_are_put_back(url: str, number: signal.Signals) -> None:
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]

    def fault(moment: str) -> None:
        if moment == "submitted":
            os.kill(os.getpid(), number)

    with pytest.raises(Interrupted) as stopped:
        run(small(), url, 1, executor=executor(fake_work.hang), fault=fault)
    assert stopped.value.exit_status == 130
    assert snapshot(url)["state"] == "interrupted"
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_outside_the_main_thread_no_signal_handlers_are_touched(url: str) -> None:
    thread = threading.Thread(target=complete, args=(small(search={"trials": 1}, baselines=[]), url))
    thread.start()
    thread.join()
    assert snapshot(url)["state"] == "finished"


def test_a_second_coordinator_is_refused_while_the_first_runs(url: str) -> None:
    refused: list[pytest.ExceptionInfo[Refused]] = []

    def fault(moment: str) -> None:
        if moment == "submitted" and not refused:
            with pytest.raises(Refused, match=f"is being run by {holder(url, os.getpid())}") as error:
                complete(small(), url)
            refused.append(error)

    run(small(search={"trials": 1}), url, 1, executor=executor(), fault=fault)
    assert refused


@pytest.mark.parametrize("workers", [0, -1])
def test_a_study_needs_a_worker(url: str, workers: int) -> None:
    with pytest.raises(InvalidInput, match="at least 1"):
        run(small(), url, workers)


def test_the_listener_sees_every_phase_grow_to_its_total(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.study.progress.INTERVAL", 0.0)
    events = [event for event in complete(small(), url, workers=2) if isinstance(event, Snapshot)]
    for index in range(len(PHASES)):
        done = [event.phases[index].done for event in events]
        assert done == sorted(done)
    last = events[-1]
    assert [phase.done for phase in last.phases] == [phase.total for phase in last.phases]
    assert last.remaining == 0
    assert last.best is not None
    assert last.best.phase == "report"
    assert any(event.phases[0].running == 2 for event in events)
    assert all(event.workers == 2 and event.wanted == 5 and event.study == "small" for event in events)


def test_snapshots_come_a_few_times_a_second_at_most(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.study.progress.INTERVAL", 1e9)
    events = [event for event in complete(small(), url) if isinstance(event, Snapshot)]
    assert [event.phase for event in events] == list(PHASES), "one at the end of each phase"
