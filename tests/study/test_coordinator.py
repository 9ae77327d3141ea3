"""A study from its first proposal to its report, with a stand-in for training."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from pathlib import Path

import optuna
import pytest

from archsearch.errors import Interrupted, InvalidInput, Refused
from archsearch.schema.score import FAILURE_KINDS, Phase
from archsearch.store import EntryResult, Store, StudyRow
from archsearch.study.coordinator import run
from archsearch.study.evaluations import MOST_ATTEMPTS
from archsearch.study.executors import Executor, Work
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.progress import ORDER, Event, Note, Progress
from archsearch.study.proposals import Proposals
from archsearch.study.search import MOST_REPEATS
from archsearch.study.seeds import phase_seed
from tests.study import fake_work
from tests.study.samples import complete, executor, small, snapshot, starts


@pytest.fixture
def reader(url: str) -> Reader:
    return Reader(url)


class Reader:
    """Looks at the finished study."""

    def __init__(self, url: str) -> None:
        self.url = url

    def study(self) -> StudyRow:
        with Store.read(self.url) as store:
            found = store.find_study("small")
        assert found is not None
        return found

    def results(self, phase: Phase) -> tuple[EntryResult, ...]:
        with Store.read(self.url) as store:
            return store.results(self.study().id, phase)

    def runs(self, phase: Phase) -> int:
        return len({(result.entry.spec_id, run.seed_index) for result in self.results(phase) for run in result.runs})


def test_the_winner_goes_through_all_phases_on_fresh_seeds(url: str, reader: Reader) -> None:
    complete(small(), url)
    search, confirm, report = (reader.results(phase) for phase in ORDER)
    candidates = [result.entry for result in report if result.entry.role == "candidate"]
    assert [entry.rank for entry in candidates] == [1]
    assert candidates[0].spec_id in {result.entry.spec_id for result in confirm}
    assert {result.entry.spec_id for result in confirm} < {result.entry.spec_id for result in search}
    assert [result.entry.label for result in report if result.entry.role == "baseline"] == ["rnn", "gru"]
    for phase, results in zip(ORDER, (search, confirm, report), strict=True):
        found = {(run.seed_index, run.evaluation.key.seed) for each in results for run in each.runs if run.evaluation}
        assert found <= {(index, phase_seed(3, phase, index)) for index in range(2)}
    assert reader.study().state == "finished"


def test_the_test_split_is_read_and_weights_are_kept_in_the_report_alone(url: str, reader: Reader) -> None:
    complete(small(), url)
    with Store.read(url) as store:
        for phase in ORDER:
            evaluations = [run.evaluation for each in reader.results(phase) for run in each.runs if run.evaluation]
            assert evaluations
            for evaluation in evaluations:
                assert evaluation.score is not None
                assert (evaluation.score.test is not None) == (phase == "report")
                assert (store.weights(evaluation.id) is not None) == (phase == "report")


def test_the_number_of_workers_changes_nothing(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    for each, workers in ((url, 1), (other, 3)):
        monkeypatch.setenv(fake_work.LOG, str(tmp_path / f"{workers}.log"))
        complete(small(), each, workers)
    assert snapshot(url) == snapshot(other)


def test_a_finished_study_runs_again_without_evaluating_anything(url: str, log: Path) -> None:
    complete(small(), url)
    before, done = snapshot(url), starts(log)
    complete(small(), url)
    assert snapshot(url) == before
    assert starts(log) == done


def test_another_study_of_the_same_database_links_what_is_complete(url: str, log: Path) -> None:
    complete(small(), url)
    before = starts(log)
    complete(small(study="other"), url)
    first, second = snapshot(url), snapshot(url, "other")
    assert {phase: first[phase] for phase in ORDER} == {phase: second[phase] for phase in ORDER}
    assert first["trials"] == second["trials"]
    failed = sum(run[1] is not None for phase in ORDER for entry in second[phase] for run in entry[5])
    assert len(starts(log)) - len(before) == failed, "a failure is no result: it is tried once more"


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


def test_the_search_ends_as_exhausted_after_a_hundred_repeats_in_a_row(url: str, reader: Reader) -> None:
    space = {"cell": "rnn", "holes": {}}
    events = complete(small(space=space, baselines=[], search={"trials": 5}), url)
    with Store.read(url) as store:
        rows = store.trials(reader.study().id)
        assert len(rows) == 1 + MOST_REPEATS
        assert {row.repeat_of for row in rows[1:]} == {0}
        assert {row.value for row in rows} == {rows[0].value}
    assert reader.study().state == "exhausted"
    assert sum(isinstance(event, Note) and "exhausted" in event.text for event in events) == 1
    assert reader.runs("report") == 2


def test_repeats_are_told_to_optuna_with_the_number_of_the_first(url: str) -> None:
    complete(small(space={"cell": "rnn", "holes": {}}, baselines=[], search={"trials": 2}), url)
    trials = optuna.load_study(study_name="small", storage=url).get_trials()
    assert [trial.user_attrs.get("repeat_of") for trial in trials] == [None] + [0] * MOST_REPEATS


HOLES = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}}


def test_with_holes_in_training_baselines_get_as_many_draws_as_the_most_tried_architecture(
    url: str, reader: Reader
) -> None:
    complete(small(space={"cell": "lstm", "holes": {}}, holes=HOLES, search={"trials": 4, "seeds": 1}), url)
    draws = [result for result in reader.results("search") if result.entry.role == "baseline"]
    assert Counter(result.entry.label for result in draws) == {"rnn": 4, "gru": 4}
    best = {label: max(draws_of(draws, label), key=objective).entry.spec_id for label in ("rnn", "gru")}
    report = [result.entry for result in reader.results("report") if result.entry.role == "baseline"]
    assert {entry.label: entry.spec_id for entry in report} == best


def draws_of(draws: list[EntryResult], label: str) -> list[EntryResult]:
    return [result for result in draws if result.entry.label == label]


def objective(result: EntryResult) -> float:
    (run,) = result.runs
    return -1.0 if run.evaluation is None or run.evaluation.score is None else run.evaluation.score.objective


def test_a_baseline_that_is_a_candidate_too_is_evaluated_once(
    url: str, log: Path, tmp_path: Path, reader: Reader
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("wiring: mine\n", encoding="utf-8")
    space = {"wiring": {}, "holes": {"candidate": ["tanh", "relu"]}}
    complete(small(space=space, baselines=[str(file)], search={"trials": 2, "seeds": 2}), url, workers=3)
    shared = [each for each in reader.results("search") if each.entry.label == "mine"]
    candidates = [each for each in reader.results("search") if each.entry.role == "candidate"]
    assert shared[0].entry.spec_id in {each.entry.spec_id for each in candidates}
    assert reader.runs("search") == 4
    assert max(Counter(starts(log)).values()) <= 2, "twice only what was flaky"


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


def test_more_trials_seeds_and_entries_may_be_asked_for(url: str, log: Path, reader: Reader) -> None:
    complete(small(), url)
    before = starts(log)
    more = {"search": {"trials": 12}, "confirm": {"best": 3, "seeds": 3}, "report": {"best": 2, "seeds": 3}}
    complete(small(**more, baselines=["rnn", "gru", "lstm"]), url)
    assert len([row for row in snapshot(url)["trials"] if row[7] is None]) == 12
    assert [result.entry.rank for result in reader.results("confirm")] == list(
        range(1, len(reader.results("confirm")) + 1)
    )
    assert Counter(result.entry.role for result in reader.results("report"))["baseline"] == 3
    assert all(len(result.runs) == 3 for result in reader.results("report") if result.entry.rank in (None, 1, 2))
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
        return LocalExecutor(slots, Work(fake_work.train, fake_work.prepare_nothing, lambda: 2))

    with pytest.raises(Refused, match="by version 1 of the training code, this is 2"):
        run(small(search={"trials": 9}), url, executor=newer)


@pytest.mark.usefixtures("log")
def test_a_stopped_study_says_so_and_goes_on(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def listen(event: Event) -> None:
        if isinstance(event, Progress) and event.phases[0].done >= 3:
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
            with pytest.raises(Refused, match=f"is being run by process {os.getpid()}") as error:
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
    events = [event for event in complete(small(), url, workers=2) if isinstance(event, Progress)]
    for index in range(len(ORDER)):
        done = [event.phases[index].done for event in events]
        assert done == sorted(done)
    last = events[-1]
    assert [phase.done for phase in last.phases] == [phase.total for phase in last.phases]
    assert last.remaining == 0
    assert last.best is not None
    assert last.best.phase == "report"
    assert any(event.phases[0].running == 2 for event in events)
    assert all(event.workers == 2 and event.wanted == 9 and event.study == "small" for event in events)


def test_snapshots_come_a_few_times_a_second_at_most(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archsearch.study.progress.INTERVAL", 1e9)
    events = [event for event in complete(small(), url) if isinstance(event, Progress)]
    assert [event.phase for event in events] == list(ORDER), "one at the end of each phase"
