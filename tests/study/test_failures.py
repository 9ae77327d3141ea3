"""Evaluations that fail, are given up, or are never begun."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import optuna
import pytest

from archsearch.errors import MachineFault, Refused
from archsearch.schema.score import FAILURE_KINDS, MACHINE_FAILURES, Failure, FailureKind
from archsearch.store import Store
from archsearch.study.coordinator import run
from archsearch.study.evaluations import MOST_ATTEMPTS, MOST_LOST
from archsearch.study.executors import Event as ExecutorEvent
from archsearch.study.executors import Failed, Finished, Job, Reported
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.proposals import Proposals
from tests.contract.test_executors import job, next_events
from tests.study import fake_work
from tests.study.reader import Reader
from tests.study.samples import complete, small, starts


def test_all_candidates_failing_leaves_the_baselines_reported(url: str, reader: Reader) -> None:
    complete(small(search={"trials": 3}), url, evaluate=fake_work.fail_unless_baseline)
    assert reader.study().state == "finished"
    with Store.read(url) as store:
        rows = store.trials(reader.study().id)
        assert {row.state for row in rows} == {"failed"}
        failures = store.failures(reader.study().id)
    assert {(failure.kind, failure.final) for failure in failures} == {("exception", True)}
    assert all("ZeroDivisionError: no way" in failure.reason for failure in failures)
    assert reader.results("confirm") == ()
    assert [result.entry.role for result in reader.results("report")] == ["baseline", "baseline"]


def test_a_failed_seed_counts_as_the_blind_guess(url: str, reader: Reader) -> None:
    definition = small(search={"trials": 2})
    complete(definition, url, evaluate=fake_work.fail_with_second_seed)
    with Store.read(url) as store:
        values = [row.value for row in store.trials(reader.study().id, "complete")]
    assert values
    assert set(values) == {(0.75 + definition.task.baseline) / 2}


def test_an_evaluation_that_is_killed_from_outside_gets_three_attempts_in_all(
    url: str, log: Path, reader: Reader
) -> None:
    complete(small(search={"trials": 1, "seeds": 1}, baselines=[]), url, evaluate=fake_work.note_and_be_killed)
    assert len(starts(log)) == MOST_ATTEMPTS == 3
    with Store.read(url) as store:
        failures = store.failures(reader.study().id)
        assert [(each.kind, each.attempt, each.final) for each in failures] == [
            ("killed", 1, False),
            ("killed", 2, False),
            ("killed", 3, True),
        ]
        assert [row.state for row in store.trials(reader.study().id)] == ["failed"]


def test_a_candidate_beyond_a_limit_fails_without_being_started(url: str, log: Path, reader: Reader) -> None:
    holes = {"model.hidden_size": [4, 200]}
    limits = {"parameters": 2000}
    complete(small(holes=holes, limits=limits, search={"trials": 6, "seeds": 1}), url)
    with Store.read(url) as store:
        failures = [each for each in store.failures(reader.study().id) if each.kind == "parameters limit"]
        specs = {each.spec_id: store.spec(each.spec_id) for each in failures}
    assert failures
    assert all("the limit is 2,000" in each.reason for each in failures)
    marks = {fake_work.mark_of(json.loads(row.document)) for row in specs.values() if row}
    assert not marks & {line.split()[0] for line in starts(log)}


def test_a_cell_that_no_backend_runs_fails_as_refused(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(*_: object) -> tuple[str, str]:
        raise Refused("no backend runs this cell: reference: not today")

    monkeypatch.setattr("archsearch.study.evaluations.choose", choose)
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

    monkeypatch.setattr("archsearch.study.evaluations.choose", choose)
    with pytest.raises(MachineFault, match="no room"):
        complete(small(backend=["native", "reference"], search={"trials": 2}), url)
    with Store.read(url) as store:
        assert store.failures(reader.study().id) == ()


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
    mirrored = optuna.load_study(study_name="small", storage=url).get_trials(states=[optuna.trial.TrialState.PRUNED])
    assert {trial.user_attrs["spec_id"] for trial in mirrored} == set(pruned)
    assert all(trial.intermediate_values == {1: trial.value} for trial in mirrored)


class Instant:
    """An executor whose jobs report and finish before anybody looks."""

    environment: Mapping[str, object] = {"python": "3"}
    version = 1

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.jobs: list[Job] = []

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def wait(self, timeout: float) -> list[ExecutorEvent]:
        jobs, self.jobs = self.jobs, []
        score = fake_work.score(0.5)
        return [
            event for job in jobs for event in (Reported(job.number, 1, 0.1), Finished(job.number, score, None, 0.1))
        ]

    def stop(self, number: int) -> float:
        raise AssertionError("there is nothing left to stop")

    def close(self) -> None:
        pass


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


LOST: tuple[End, ...] = ("lost",) * 5
COMPLETE: tuple[End, ...] = ("complete",) * 5


def run_fated(url: str, ends: Sequence[End], seeds: int = 1) -> None:
    """Run a study of one cell with as many learning rates as there are ends."""
    rates = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}}
    space, search = {"cell": "rnn", "holes": {}}, {"trials": len(ends), "seeds": seeds}
    run(small(space=space, holes=rates, search=search, baselines=[]), url, 1, executor=lambda slots: Fated(ends))


def recorded(reader: Reader) -> list[tuple[str, str, int, bool]]:
    """All failures: kind, reason, number of the attempt, whether it was the last one."""
    with Store.read(reader.url) as store:
        return [(each.kind, each.reason, each.attempt, each.final) for each in store.failures(reader.study().id)]


def states(reader: Reader) -> list[str]:
    """How the trials stand."""
    with Store.read(reader.url) as store:
        return [row.state for row in store.trials(reader.study().id)]


def test_every_kind_of_failure_is_recorded_with_its_reason(url: str, reader: Reader) -> None:
    run_fated(url, FAILURE_KINDS)
    attempts = {kind: MOST_ATTEMPTS if kind in MACHINE_FAILURES else 1 for kind in FAILURE_KINDS}
    assert sorted(recorded(reader)) == sorted(
        (kind, f"its fate: {kind}", number, number == most)
        for kind, most in attempts.items()
        for number in range(1, most + 1)
    )
    assert states(reader) == ["failed"] * len(FAILURE_KINDS)
    assert reader.study().state == "finished"


def test_a_machine_that_loses_candidate_after_candidate_ends_the_run_and_not_the_study(
    url: str, reader: Reader
) -> None:
    """As where no kernel can be compiled since a disk is full: it would fail all the others within seconds."""
    with pytest.raises(MachineFault, match=r"'small': 3 candidates in a row were lost .* its fate: lost\. Mend this"):
        run_fated(url, LOST)
    assert states(reader) == ["failed"] * (MOST_LOST - 1) + ["running"]
    run_fated(url, COMPLETE)
    assert states(reader) == ["failed"] * (MOST_LOST - 1) + ["complete"] * 3, "the last one had an attempt left"
    assert reader.study().state == "finished"


def test_candidates_that_are_lost_whenever_they_run_do_not_hold_up_a_study_for_ever(url: str, reader: Reader) -> None:
    with pytest.raises(MachineFault):
        run_fated(url, LOST)
    with pytest.raises(MachineFault):
        run_fated(url, LOST)
    run_fated(url, LOST)
    assert states(reader) == ["failed"] * len(LOST)
    assert reader.study().state == "finished"


@pytest.mark.parametrize("between", ["complete", "nan", "killed", "pruned"])
def test_a_candidate_that_comes_to_another_end_shows_that_the_machine_works(
    between: End, url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Proposals, "report", lambda self, number, check, value: True)
    run_fated(url, ["lost", "lost", between, "lost", "lost"])
    assert states(reader).count("failed") == (4 if between in ("complete", "pruned") else 5)
    assert reader.study().state == "finished"


def test_all_seeds_of_one_candidate_may_be_lost(url: str, reader: Reader) -> None:
    run_fated(url, ["lost", "complete"], seeds=MOST_LOST)
    assert states(reader) == ["failed", "complete"]
    assert reader.study().state == "finished"


def test_a_trial_that_is_complete_when_its_report_is_read_is_not_given_up(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Proposals, "report", lambda self, number, check, value: True)
    run(small(search={"trials": 2}), url, 2, executor=Instant)
    with Store.read(url) as store:
        rows = [row for row in store.trials(reader.study().id) if row.spec_id is not None]
    assert {(row.state, row.value) for row in rows} == {("complete", 0.5)}


def test_an_error_before_the_evaluation_is_in_the_reason() -> None:
    executor = LocalExecutor(1, fake_work.work(fake_work.succeed))
    executor.submit(dataclasses.replace(job(), backends=None))  # type: ignore[arg-type]
    (event,) = next_events(executor)
    executor.close()
    assert isinstance(event, Failed)
    assert event.failure.kind == "lost", "no code of the candidate has run"
    assert "TypeError: 'NoneType' object is not iterable" in event.failure.reason
