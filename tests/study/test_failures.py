"""Evaluations that fail, are given up, or are never begun."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import optuna
import pytest

from archsearch.errors import Interrupted, MachineFault, Refused
from archsearch.findings.boards import read_standing
from archsearch.findings.studies import progress_of
from archsearch.schema.document import parse_document
from archsearch.schema.phases import Phase
from archsearch.schema.score import FAILURE_KINDS, MACHINE_FAILURES, Failure, FailureKind
from archsearch.store import Run, TrialRow
from archsearch.store.owned import Owned, own_study
from archsearch.store.store import Store
from archsearch.store.tables import runs, trials
from archsearch.study.coordinator import run
from archsearch.study.dispatch import MOST_ATTEMPTS, MOST_LOST
from archsearch.study.executors import Event as ExecutorEvent
from archsearch.study.executors import Failed, Finished, Job, Reported
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.proposals import Proposals
from archsearch.study.seeds import phase_seed
from tests.contract.test_executors import job, next_events
from tests.databases.fixtures import BOTH
from tests.study import fake_work
from tests.study.optuna_tables import optuna_trials
from tests.study.reader import Reader
from tests.study.samples import TEXT, complete, small, snapshot, starts
from tests.study.test_crashes import mirrored_trials


@BOTH
def test_all_candidates_failing_leaves_the_baselines_reported(url: str, reader: Reader) -> None:
    complete(small(search={"trials": 3}), url, evaluate=fake_work.fail_unless_baseline)
    assert reader.study().state == "finished"
    with Store.read(url) as store:
        rows = store.trials(reader.study().id)
        assert {row.state for row in rows} == {"failed"}
        failures = [failure for failure in store.failures(reader.study().id) if failure.spec_id is not None]
    assert {(failure.kind, failure.final) for failure in failures} == {("exception", True)}
    assert all("ZeroDivisionError: no way" in failure.reason for failure in failures)
    assert reader.results("confirm") == ()
    assert [result.entry.role for result in reader.results("report")] == ["baseline", "baseline"]


def said_of(reader: Reader) -> tuple[str, str, str]:
    """What its board says of a study where every candidate failed, the verdict, and the note of its status."""
    with Store.read(reader.url) as store:
        standing = read_standing(store, reader.study())
        return standing.failed, standing.verdict, progress_of(store, reader.study()).note


def test_that_every_candidate_failed_is_said_with_the_most_frequent_reason(url: str, reader: Reader) -> None:
    """It read "no winner yet", as if something were still to come."""
    complete(small(search={"trials": 3}), url, evaluate=fake_work.fail_unless_baseline)
    failed, verdict, note = said_of(reader)
    assert failed.startswith("every candidate failed: 3 of them, most often with exception: ")
    assert "ZeroDivisionError: no way" in failed
    assert (verdict, note) == (f"no winner: {failed}", failed)
    complete(small(search={"trials": 9}), url)
    assert said_of(reader)[0] == ""


def test_proposals_of_which_none_makes_a_cell_are_candidates_that_failed(url: str, reader: Reader) -> None:
    with own_study(url, "small", small().text) as store:
        for number, reason in enumerate(("no output", "lost", "no output")):
            store.record_refusal(number, {}, reason)
        assert said_of(reader)[0] == "", "the study is not at its end"
        store.end("finished")
    assert said_of(reader)[2] == "every candidate failed: 3 of them, most often with no cell: no output (2 times)"


@BOTH
def test_what_a_time_limit_has_decided_is_not_reproducible(new_url: Callable[[], str]) -> None:
    second: tuple[End, End] = ("complete", "time limit")
    for place, end in enumerate(second):
        other = Reader(new_url())
        run_fated(other.url, ["complete", end])
        _, verdict, note = said_of(other)
        assert note == ("not reproducible: 1 evaluation met limits.seconds three times" if place else "")
        assert verdict.endswith(note)


def test_a_failed_seed_counts_as_the_blind_guess(url: str, reader: Reader) -> None:
    definition = small(search={"trials": 2})
    complete(definition, url, evaluate=fake_work.fail_with_second_seed)
    with Store.read(url) as store:
        values = [row.value for row in store.trials(reader.study().id, "complete")]
    assert values
    assert set(values) == {(0.75 + definition.task.baseline) / 2}


@BOTH
def test_an_evaluation_that_is_killed_from_outside_costs_no_candidate_and_ends_the_run(
    url: str, new_url: Callable[[], str], log: Path, reader: Reader
) -> None:
    """Three attempts in each run, none of which counts; with the machine mended, the study is as an undisturbed one."""
    one = small(search={"trials": 1, "seeds": 1}, baselines=[])
    for times in (1, 2):
        with pytest.raises(MachineFault, match=r"1 evaluation lost in 3 attempts each.*: search, .*by SIGKILL"):
            complete(one, url, evaluate=fake_work.note_and_be_killed)
        assert len(starts(log)) == times * MOST_ATTEMPTS == times * 3
        assert [(kind, number, final) for kind, _, number, final in recorded(reader)] == [
            ("killed", number, False) for number in range(1, times * 3 + 1)
        ]
        assert states(reader) == ["running"]
        assert reader.study().state == "interrupted"
    complete(one, url)
    other = new_url()
    complete(one, other)
    assert snapshot(url) == snapshot(other)


@pytest.mark.parametrize("limit", ["parameters", "operations"])
def test_a_candidate_beyond_a_limit_fails_without_being_started(
    limit: str, url: str, log: Path, reader: Reader
) -> None:
    holes = {"model.hidden_size": [4, 200]}
    limits = {limit: 2000}
    complete(small(holes=holes, limits=limits, search={"trials": 6, "seeds": 1}), url)
    with Store.read(url) as store:
        failures = [each for each in store.failures(reader.study().id) if each.kind == f"{limit} limit"]
        specs = {each.spec_id: store.spec(each.spec_id) for each in failures if each.spec_id is not None}
    assert failures
    assert all("the limit is 2,000" in each.reason for each in failures)
    marks = {fake_work.mark_of(json.loads(row.document)) for row in specs.values() if row}
    assert not marks & {line.split()[0] for line in starts(log)}


def test_a_cell_that_no_backend_runs_fails_as_refused(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(*_: object) -> tuple[str, str]:
        raise Refused("no backend runs this cell: reference: not today")

    monkeypatch.setattr("archsearch.training.trainer.choose", choose)
    complete(small(backend=["native", "reference"], search={"trials": 2}), url)
    with Store.read(url) as store:
        failures = store.failures(reader.study().id)
    assert {(each.kind, each.reason) for each in failures} == {
        ("refused", "no backend runs this cell: reference: not today")
    }


def test_a_machine_on_which_no_backend_runs_for_now_ends_the_run(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(*_: object) -> tuple[str, str]:
        raise MachineFault("no backend runs this cell: native: no room")

    monkeypatch.setattr("archsearch.training.trainer.choose", choose)
    with pytest.raises(MachineFault, match="no room"):
        complete(small(backend=["native", "reference"], search={"trials": 2}), url)
    with Store.read(url) as store:
        assert store.failures(reader.study().id) == ()


@BOTH
def test_a_pruned_trial_keeps_its_reports_and_is_not_confirmed(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Proposals, "report", lambda self, number, check, value: value < 0.5)
    complete(small(), url, workers=2, evaluate=fake_work.hang_when_poor)
    with Store.read(url) as store:
        rows = [row for row in store.trials(reader.study().id) if row.repeat_of is None]
    pruned = {row.spec_id: row for row in rows if row.state == "pruned"}
    assert pruned
    assert any(row.state == "complete" for row in rows)
    for result in reader.results("search"):
        if result.entry.spec_id in pruned:
            (run,) = result.runs
            assert run.pruned
            assert run.evaluation is not None
            assert run.evaluation.reports == ((1, pruned[result.entry.spec_id].value),)
    assert not pruned.keys() & {result.entry.spec_id for result in reader.results("confirm")}
    mirrored = [trial for trial in optuna_trials(url) if trial.state == optuna.trial.TrialState.PRUNED]
    assert {trial.user_attrs["spec_id"] for trial in mirrored} == set(pruned)
    assert all(trial.intermediate_values == {1: trial.value} for trial in mirrored)


class Instant:
    """An executor whose jobs report and finish before anybody looks."""

    environment: Mapping[str, object] = {"python": "3"}
    version = 1
    check = 1

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.jobs: list[Job] = []

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def wait(self, timeout: float) -> list[ExecutorEvent]:
        jobs, self.jobs = self.jobs, []
        score = fake_work.score(0.5)
        return [
            event
            for job in jobs
            for event in (Reported(job.number, self.check, 0.1), Finished(job.number, score, None, 0.1))
        ]

    def stop(self, number: int) -> float:
        raise AssertionError("there is nothing left to stop")

    def close(self) -> None:
        pass


class OneByOne(Instant):
    """An executor whose jobs report, and finish when they are looked at again."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self._events: list[ExecutorEvent] = []

    def wait(self, timeout: float) -> list[ExecutorEvent]:
        self._events = self._events or super().wait(timeout)
        event, *self._events = self._events
        return [event]

    def stop(self, number: int) -> float:
        self._events = [event for event in self._events if event.job != number]
        return 0.1


class LosesFirstOf(Instant):
    """An executor in which the first evaluation of a phase is lost whenever it runs."""

    def __init__(self, phase: Phase) -> None:
        super().__init__(1)
        self._seed = phase_seed(fake_work.STUDY_SEED, phase, 0)
        self._lost: str | None = None

    def wait(self, timeout: float) -> list[ExecutorEvent]:
        jobs, self.jobs = self.jobs, []
        return [self._event(job) for job in jobs]

    def _event(self, job: Job) -> ExecutorEvent:
        mark = fake_work.mark_of(job.spec)
        self._lost = self._lost or (mark if job.seed == self._seed else None)
        if job.seed == self._seed and mark == self._lost:
            return Failed(job.number, Failure(kind="killed", reason="by a test"), 0.1)
        return Finished(job.number, fake_work.score(0.5), None, 0.1)


End = FailureKind | Literal["complete", "pruned"]


class Fated(Instant):
    """An executor in which each candidate comes to its own end; where it was pruned, it is complete the next time."""

    def __init__(self, ends: Sequence[End]) -> None:
        super().__init__(1)
        self._left = iter(ends)
        self._ends: dict[str, End] = {}

    def wait(self, timeout: float) -> list[ExecutorEvent]:
        assert self.jobs, "there is nothing left to wait for"
        jobs, self.jobs = self.jobs, []
        return [self._event(job) for job in jobs]

    def stop(self, number: int) -> float:
        return 0.1

    def _event(self, job: Job) -> ExecutorEvent:
        mark = fake_work.mark_of(job.spec)
        if mark not in self._ends:
            self._ends[mark] = next(self._left)
        end = self._ends[mark]
        if end == "pruned":
            self._ends[mark] = "complete"
            return Reported(job.number, 1, 0.1)
        if end == "complete":
            return Finished(job.number, fake_work.score(0.5), None, 0.1)
        return Failed(job.number, Failure(kind=end, reason=f"its fate: {end}"), 0.1)


COMPLETE: tuple[End, ...] = ("complete",) * 5
OWN_FAILURES = tuple(kind for kind in FAILURE_KINDS if kind not in MACHINE_FAILURES)


Make = Callable[[Sequence[End]], Instant]


def run_fated(url: str, ends: Sequence[End], make: Make = Fated, **changes: Any) -> None:
    """Run a study of one cell with as many learning rates as there are ends, or as `changes` say."""
    rates = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}}
    search = {"trials": len(ends), "seeds": 1, **changes.pop("search", {})}
    common: dict[str, Any] = {"space": {"cell": "rnn", "holes": {}}, "holes": rates, "baselines": []}
    run(small(**{**common, "search": search, **changes}), url, 1, executor=lambda slots: make(ends))


def recorded(reader: Reader) -> list[tuple[str, str, int, bool]]:
    """All failures: kind, reason, number of the attempt, whether it was the last one."""
    with Store.read(reader.url) as store:
        return [(each.kind, each.reason, each.attempt, each.final) for each in store.failures(reader.study().id)[::-1]]


def count_as_lost(store: Owned, trial: TrialRow, seeds: Iterable[int]) -> None:
    """Count seeds of a complete trial as an earlier version has counted those that the machine had lost."""
    study_id = store.study_id
    lost = [Run(study_id, "search", trial.spec_id or "", seed) for seed in seeds]
    with store._engine.begin() as connection:
        for run_ in lost:
            where = [runs.c.study_id == study_id, runs.c.phase == "search", runs.c.spec_id == run_.spec_id]
            connection.execute(runs.delete().where(*where, runs.c.seed_index == run_.seed_index))
        ended = trials.update().where(trials.c.study_id == study_id, trials.c.number == trial.number)
        failed = {"state": "failed", "value": None} if len(lost) == 2 else {"state": "complete", "value": 0.25}
        connection.execute(ended.values(**failed))
    for run_ in lost:
        store.record_failure(run_, Failure(kind="lost", reason="no compiler"))


def states(reader: Reader) -> list[str]:
    """How the trials stand."""
    with Store.read(reader.url) as store:
        return [row.state for row in store.trials(reader.study().id)]


@BOTH
def test_every_kind_of_failure_is_recorded_with_its_reason(url: str, reader: Reader) -> None:
    run_fated(url, OWN_FAILURES)
    attempts = {kind: MOST_ATTEMPTS if kind == "time limit" else 1 for kind in OWN_FAILURES}
    assert sorted(recorded(reader)) == sorted(
        (kind, f"its fate: {kind}", number, number == most)
        for kind, most in attempts.items()
        for number in range(1, most + 1)
    )
    assert states(reader) == ["failed"] * len(OWN_FAILURES)
    assert reader.study().state == "finished"


@pytest.mark.parametrize("kind", sorted(MACHINE_FAILURES))
@pytest.mark.parametrize("sampler", ["random", "tpe", "nsga2"])
def test_what_the_machine_loses_changes_no_proposal(
    kind: End, sampler: str, url: str, new_url: Callable[[], str], reader: Reader
) -> None:
    """What a sampler would have known from the lost one is not proposed without it: the end is an undisturbed run's."""
    ends: list[End] = ["complete"] * 14
    with pytest.raises(MachineFault, match=rf"'small': 1 evaluation lost .* seed 0: {kind}: its fate.*Mend this, then"):
        run_fated(url, [*ends[:11], kind, *ends[12:]], search={"sampler": sampler})
    assert states(reader) == ["complete"] * 11 + ["running"]
    run_fated(url, ends, search={"sampler": sampler})
    other = new_url()
    run_fated(other, ends, search={"sampler": sampler})
    assert snapshot(url) == snapshot(other)


@BOTH
def test_all_else_that_can_be_done_is_done_before_a_run_ends(url: str, reader: Reader) -> None:
    """A baseline is lost, and the other one evaluated; in the next run a confirmed one, and the rest of that phase."""
    sizes = {
        "baselines": ["rnn", "gru"],
        "holes": {},
        "space": parse_document(TEXT).data["space"],
        "confirm": {"best": 2, "seeds": 2},
    }
    with pytest.raises(MachineFault, match=r"search, rnn, seed 0"):
        run_fated(url, ["lost", *COMPLETE], **sizes)
    assert [len(entry.runs) for entry in reader.results("search")] == [0, 1]
    with pytest.raises(MachineFault, match=r"confirm, .* seed 0"):
        run_fated(url, ["lost", *COMPLETE], lambda _: LosesFirstOf("confirm"), **sizes)
    assert sorted(len(entry.runs) for entry in reader.results("confirm")) == [1, 2]
    assert reader.results("report") == ()


def test_a_machine_that_loses_candidate_after_candidate_ends_the_run_at_once(url: str, reader: Reader) -> None:
    """As where no kernel can be compiled: three baselines are enough."""
    baselines = ["rnn", "gru", "lstm", "ugrnn"]
    with pytest.raises(MachineFault, match="'small': 3 evaluations lost in 3 attempts each"):
        run_fated(url, ["lost"] * 4, baselines=baselines)
    assert len(recorded(reader)) == MOST_LOST * MOST_ATTEMPTS
    run_fated(url, ["complete"] * 40, search={"trials": 4}, baselines=baselines)
    assert reader.study().state == "finished"
    assert not any(run.failure for entry in reader.results("search") for run in entry.runs)


def test_a_time_limit_is_counted_after_the_third_time_of_all_runs(url: str, reader: Reader) -> None:
    stop = threading.Event()

    class Slow(Fated):
        def submit(self, job: Job) -> None:
            super().submit(job)
            if job.number == 2:
                stop.set()

    with pytest.raises(Interrupted):
        run(small(search={"trials": 1}, baselines=[]), url, 1, stop=stop, executor=lambda slots: Slow(["time limit"]))
    assert [(number, final) for _, _, number, final in recorded(reader)] == [(1, False), (2, False)]
    run(small(search={"trials": 1}, baselines=[]), url, 1, executor=lambda slots: Fated(["time limit"] * 2))
    assert [(number, final) for _, _, number, final in recorded(reader)][:3] == [(1, False), (2, False), (3, True)]


def test_an_evaluation_that_meets_its_time_limit_twice_has_a_third_chance(url: str, reader: Reader) -> None:
    class Late(Fated):
        def _event(self, job: Job) -> ExecutorEvent:
            return super()._event(job) if job.number < 2 else Finished(job.number, fake_work.score(0.5), None, 0.1)

    one = small(search={"trials": 1}, baselines=[])
    run(one, url, 1, executor=lambda slots: Late(["time limit"] * 9))
    assert states(reader) == ["complete"]
    assert [(kind, final) for kind, _, _, final in recorded(reader)] == [("time limit", False)] * 2


@BOTH
@pytest.mark.parametrize("count", [1, 2], ids=["one seed of two", "both"])
@pytest.mark.usefixtures("log")
def test_what_an_earlier_version_counted_as_failed_is_opened_again(url: str, reader: Reader, count: int) -> None:
    """Evaluations that the machine lost were the results of their candidates, in studies that were finished."""
    one = small(search={"trials": 3, "seeds": 2})
    complete(one, url)
    expected, mirrored = snapshot(url), mirrored_trials(url)
    with own_study(url, "small", one.text) as store:
        (trial, *_) = (row for row in store.trials(store.study_id, "complete") if row.repeat_of is None)
        count_as_lost(store, trial, range(count))
        store.end("finished")
    assert snapshot(url) != expected
    complete(one, url)
    assert snapshot(url) == expected
    assert mirrored_trials(url) == mirrored
    assert not any(final for kind, _, _, final in recorded(reader) if kind == "lost")


@pytest.mark.parametrize("make", [Instant, OneByOne])
@pytest.mark.parametrize(("check", "state"), [(1, "pruned"), (3, "complete")], ids=["in between", "at the last check"])
def test_what_a_pruner_decides_does_not_depend_on_when_reports_are_read(
    make: type[Instant], check: int, state: str, url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evaluation may end before its report is read; nothing is saved by giving up at the last of three checks."""
    monkeypatch.setattr(Proposals, "report", lambda self, number, reported, value: reported == check)
    monkeypatch.setattr(Instant, "check", check)
    run(small(search={"trials": 2}), url, 1, executor=make)
    with Store.read(url) as store:
        rows = [row for row in store.trials(reader.study().id) if row.spec_id is not None]
    assert {(row.state, row.value) for row in rows} == {(state, 0.1 if state == "pruned" else 0.5)}


def test_an_error_before_the_evaluation_is_in_the_reason() -> None:
    executor = LocalExecutor(1, fake_work.work(fake_work.succeed))
    executor.submit(dataclasses.replace(job(), backends=None))  # type: ignore[arg-type]
    (event,) = next_events(executor)
    executor.close()
    assert isinstance(event, Failed)
    assert event.failure.kind == "lost", "no code of the candidate has run"
    assert "TypeError: 'NoneType' object is not iterable" in event.failure.reason
