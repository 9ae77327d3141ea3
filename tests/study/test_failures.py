"""Evaluations that fail, are given up, or are never begun."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import optuna
import pytest

from archsearch.errors import Refused
from archsearch.schema.score import FAILURE_KINDS
from archsearch.store import Store
from archsearch.study.coordinator import run
from archsearch.study.evaluations import MOST_ATTEMPTS
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


def test_every_kind_of_failure_is_recorded(url: str) -> None:
    """The kinds that the executors and the coordinator speak of are those that the store takes."""
    assert {"time limit", "memory limit", "exception", "nan", "inf", "killed", "lost"} <= set(FAILURE_KINDS)
    assert {"parameters limit", "refused"} <= set(FAILURE_KINDS)


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
    def choose(names: object, ir: object) -> tuple[str, str]:
        raise Refused("no backend runs this cell: reference: not today")

    monkeypatch.setattr("archsearch.study.evaluations.choose", choose)
    complete(small(backend=["native", "reference"], search={"trials": 2}), url)
    with Store.read(url) as store:
        failures = store.failures(reader.study().id)
    assert {(each.kind, each.reason) for each in failures} == {
        ("refused", "no backend runs this cell: reference: not today")
    }


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
    assert "TypeError: 'NoneType' object is not iterable" in event.failure.reason
