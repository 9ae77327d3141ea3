"""A study from its first proposal to its report, with a stand-in for training."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archsearch.schema.phases import PHASES
from archsearch.store import EntryResult
from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.progress import Note
from archsearch.study.seeds import phase_seed
from tests.databases.fixtures import BOTH
from tests.study import fake_work
from tests.study.optuna_tables import optuna_trials
from tests.study.reader import Reader
from tests.study.samples import complete, small, snapshot, starts
from tests.study.test_failures import Instant

pytestmark = BOTH


def test_the_winner_goes_through_all_phases_on_fresh_seeds(url: str, reader: Reader) -> None:
    complete(small(), url)
    search, confirm, report = (reader.results(phase) for phase in PHASES)
    candidates = [result.entry for result in report if result.entry.role == "candidate"]
    assert [entry.rank for entry in candidates] == [1]
    assert candidates[0].spec_id in {result.entry.spec_id for result in confirm}
    assert {result.entry.spec_id for result in confirm} < {result.entry.spec_id for result in search}
    assert [result.entry.label for result in report if result.entry.role == "baseline"] == ["rnn", "gru"]
    for phase, results in zip(PHASES, (search, confirm, report), strict=True):
        found = {(run.seed_index, run.evaluation.key.seed) for each in results for run in each.runs if run.evaluation}
        assert found <= {(index, phase_seed(fake_work.STUDY_SEED, phase, index)) for index in range(2)}
    assert reader.study().state == "finished"


def test_the_test_split_is_read_and_weights_are_kept_in_the_report_alone(url: str, reader: Reader) -> None:
    complete(small(), url)
    with Store.read(url) as store:
        for phase in PHASES:
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
    assert {phase: first[phase] for phase in PHASES} == {phase: second[phase] for phase in PHASES}
    assert first["trials"] == second["trials"]
    failed = sum(run[1] is not None for phase in PHASES for entry in second[phase] for run in entry[5])
    assert len(starts(log)) - len(before) == failed, "a failure is no result: it is tried once more"


def test_a_backend_that_does_not_run_is_said_once_with_the_one_that_does(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archsearch.training.trainer.choose", lambda *_: ("reference", "native: no C compiler"))
    events = complete(small(backend=["native", "reference"]), url)
    assert [event.text for event in events if isinstance(event, Note) and "native" in event.text] == [
        "on reference, not on native: no C compiler"
    ]


def test_a_hundred_repeats_in_a_row_exhaust_a_search(url: str, reader: Reader) -> None:
    run(small(space={"cell": "rnn", "holes": {}}, baselines=[], search={"trials": 5}), url, 1, executor=Instant)
    with Store.read(url) as store:
        assert [row.repeat_of for row in store.trials(reader.study().id)] == [None] + [0] * 100
    assert reader.study().state == "exhausted"


def test_an_exhausted_search_ends_and_its_best_are_reported(
    url: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archsearch.study.history.MOST_REPEATS", 7)
    space = {"cell": "rnn", "holes": {}}
    events = complete(small(space=space, baselines=[], search={"trials": 5}), url)
    with Store.read(url) as store:
        rows = store.trials(reader.study().id)
    assert [row.repeat_of for row in rows] == [None] + [0] * 7
    assert {row.value for row in rows} == {rows[0].value}
    assert reader.study().state == "exhausted"
    assert sum(isinstance(event, Note) and "exhausted" in event.text for event in events) == 1
    assert reader.runs("report") == 2
    assert [trial.user_attrs.get("repeat_of") for trial in optuna_trials(url)] == [None] + [0] * 7


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
    space = {"wiring": {}, "holes": {"cell_input": ["tanh", "relu"]}}
    complete(small(space=space, baselines=[str(file)], search={"trials": 2, "seeds": 2}), url, workers=3)
    shared = [each for each in reader.results("search") if each.entry.label == "mine"]
    candidates = [each for each in reader.results("search") if each.entry.role == "candidate"]
    assert shared[0].entry.spec_id in {each.entry.spec_id for each in candidates}
    assert reader.runs("search") == 4
    assert max(Counter(starts(log)).values()) <= 2, "twice only what was flaky"
