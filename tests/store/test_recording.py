"""Evaluations, runs, attempts and entries: what is counted, and that nothing is counted twice."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from archsearch.schema.canonical import canonical_json, digest
from archsearch.schema.score import Failure
from archsearch.store import AlreadyCounted, NewEntry, StudyRow, TrialEnd
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import ENVIRONMENT, KILLED, key, propose, run, spec


def test_a_completion_keeps_everything(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    whole = score(0.5, test=0.25, solved=True, sequences_to_solve=64, backend_reason="native refuses blocks")
    reports = ((1, 0.25), (2, 0.5))
    number = store.record_completion(
        run(study.id, 0),
        key(0, seed=2**70),
        whole,
        ENVIRONMENT,
        reports=reports,
        weights=b"\0weights",
        trial=TrialEnd(0, "complete", 0.5),
    )
    found = store.evaluation(number)
    assert found is not None
    assert (found.score, found.key, found.reports, found.state) == (whole, key(0, seed=2**70), reports, "complete")
    assert store.weights(number) == b"\0weights"
    assert store.environment(found.environment) == ENVIRONMENT
    assert store.find_complete(key(0, seed=2**70)) == found
    (result,) = store.results(study.id, "search")
    assert [(row.seed_index, row.evaluation, row.failure) for row in result.runs] == [(0, found, None)]
    assert store.trials(study.id)[0].state == "complete"
    assert store.trials(study.id)[0].finished_at == found.finished_at


def test_a_run_is_counted_once(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.record_completion(run(study.id, 0), key(0), score(0.5), ENVIRONMENT)
    attempts_to_count_again: list[Callable[[], object]] = [
        lambda: store.record_completion(run(study.id, 0), key(0, seed=2), score(0.9), ENVIRONMENT),
        lambda: store.record_pruned(run(study.id, 0), key(0, seed=2), ENVIRONMENT, seconds=1),
        lambda: store.record_failure(run(study.id, 0), KILLED),
        lambda: store.record_attempt(run(study.id, 0), KILLED),
        lambda: store.link_existing(run(study.id, 0), key(0)),
    ]
    for attempt in attempts_to_count_again:
        with pytest.raises(AlreadyCounted, match="counted in phase search already"):
            attempt()
    assert store.progress(study.id).runs == {"search": 1}
    assert store.find_complete(key(0, seed=2)) is None
    assert store.failures(study.id) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2},
        {"budget": 6401},
        {"backend": "reference"},
        {"version": 2},
        {"spec_id": "s1"},
        {"task": {"name": "adding", "length": 51}},
        {"task": {"name": "adding", "length": 50, "markers": 2}},
    ],
)
def test_every_part_of_a_key_counts(changes: dict[str, object]) -> None:
    parts = dict(vars(key(0)))
    assert type(key(0))(**parts).digest == key(0).digest
    assert type(key(0))(**parts | changes).digest != key(0).digest


def test_the_order_of_task_options_does_not_count() -> None:
    assert key(0, task={"length": 50, "name": "adding"}).digest == key(0).digest


def test_an_evaluation_is_reused_by_another_study(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    for each in (study, other):
        propose(store, each.id, 0)
    number = store.record_completion(run(study.id, 0), key(0), score(0.5), ENVIRONMENT)
    found = store.find_complete(key(0))
    assert found is not None
    assert store.link_existing(run(other.id, 0), key(0), trial=TrialEnd(0, "complete", 0.5))
    (result,) = store.results(other.id, "search")
    assert result.runs[0].evaluation == found
    assert found.id == number
    assert store.trials(other.id)[0].state == "complete"


def test_an_evaluation_finished_twice_is_kept_once(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    for each in (study, other):
        propose(store, each.id, 0)
    first = store.record_completion(run(study.id, 0), key(0), score(0.5), ENVIRONMENT, weights=b"first")
    second = store.record_completion(run(other.id, 0), key(0), score(0.5), ENVIRONMENT, weights=b"second")
    assert first == second
    assert store.weights(first) == b"first"
    assert store.progress(other.id).runs == {"search": 1}


def test_only_a_complete_evaluation_of_the_same_spec_is_reused(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    propose(store, study.id, 1)
    store.record_pruned(run(study.id, 0), key(0), ENVIRONMENT, seconds=1)
    store.record_completion(run(study.id, 0, 1), key(0, seed=2), score(), ENVIRONMENT)
    assert store.find_complete(key(0)) is None
    for seed in (1, 3):  # pruned, never evaluated
        assert not store.link_existing(run(study.id, 0, 2), key(0, seed=seed))
    with pytest.raises(ValueError, match="different specs"):
        store.link_existing(run(study.id, 1), key(0, seed=2))
    assert store.progress(study.id).runs == {"search": 2}


def test_a_pruned_evaluation_keeps_its_reports_and_has_no_score(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.record_pruned(
        run(study.id, 0), key(0), ENVIRONMENT, seconds=2.5, reports=[(1, 0.25)], trial=TrialEnd(0, "pruned", 0.25)
    )
    (row,) = store.results(study.id, "search")[0].runs
    assert row.pruned
    assert row.evaluation is not None
    assert (row.evaluation.score, row.evaluation.reports, row.evaluation.seconds) == (None, ((1, 0.25),), 2.5)
    assert (store.trials(study.id)[0].state, store.trials(study.id)[0].value) == ("pruned", 0.25)


def test_a_pruned_key_may_be_completed_later(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    for each in (study, other):
        propose(store, each.id, 0)
    store.record_pruned(run(study.id, 0), key(0), ENVIRONMENT, seconds=1)
    store.record_pruned(run(other.id, 0, 1), key(0), ENVIRONMENT, seconds=1)
    number = store.record_completion(run(other.id, 0), key(0), score(), ENVIRONMENT)
    found = store.find_complete(key(0))
    assert found is not None
    assert found.id == number


def test_attempts_are_numbered_and_the_final_one_is_counted(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    assert store.record_attempt(run(study.id, 0), KILLED) == 1
    assert store.record_attempt(run(study.id, 0), Failure(kind="lost", reason="pipe closed")) == 2
    assert store.results(study.id, "search")[0].runs == (), "an attempt is no result"
    store.record_failure(
        run(study.id, 0), Failure(kind="exception", reason="boom \0 \ud800"), trial=TrialEnd(0, "failed")
    )
    assert [(row.attempt, row.kind, row.final) for row in store.failures(study.id)[::-1]] == [
        (1, "killed", False),
        (2, "lost", False),
        (3, "exception", True),
    ]
    (row,) = store.results(study.id, "search")[0].runs
    assert row.failure == Failure(kind="exception", reason="boom \\x00 \\ud800")
    assert row.evaluation is None
    assert not row.pruned
    assert store.attempts(run(study.id, 0)) == 3
    assert store.progress(study.id).attempts == 2
    assert store.trials(study.id)[0].state == "failed"


def test_a_huge_reason_is_cut(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.record_failure(run(study.id, 0), Failure(kind="exception", reason="x" * 1_000_000))
    assert len(store.failures(study.id)[0].reason) == 4000


def test_a_spec_that_takes_no_part_in_the_phase_is_a_mistake(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    for wrong in (run(study.id, 1), run(study.id, 0, phase="report"), run(study.id + 1, 0)):
        with pytest.raises(ValueError, match=r"no entry|different specs|no study"):
            store.record_completion(wrong, key(0), score(), ENVIRONMENT)
        with pytest.raises(ValueError, match=r"no entry|no study"):
            store.record_attempt(wrong, KILLED)


def test_a_score_of_another_backend_is_a_mistake(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    with pytest.raises(ValueError, match="backend"):
        store.record_completion(run(study.id, 0), key(0), score(backend="reference"), ENVIRONMENT)


@pytest.mark.parametrize("wrong", [math.inf, math.nan, 1.5, -0.1])
def test_a_score_made_without_validation_is_refused(store: FreeStore, study: StudyRow, wrong: float) -> None:
    propose(store, study.id, 0)
    for field in ("objective", "final", "best", "test"):
        with pytest.raises(ValueError, match=field):
            store.record_completion(run(study.id, 0), key(0), score().model_copy(update={field: wrong}), ENVIRONMENT)
    assert store.results(study.id, "search")[0].runs == ()


def test_a_failing_end_of_the_trial_undoes_the_evaluation(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    with pytest.raises(AlreadyCounted):
        store.record_completion(
            run(study.id, 0), key(0), score(), ENVIRONMENT, weights=b"w", trial=TrialEnd(7, "complete", 0.5)
        )
    assert store.find_complete(key(0)) is None
    assert store.results(study.id, "search")[0].runs == ()


def test_entries_are_added_once_and_take_a_new_rank(store: FreeStore, study: StudyRow) -> None:
    new = [
        NewEntry("baseline", spec(9), "lstm"),
        NewEntry("candidate", spec(1), rank=2),
        NewEntry("candidate", spec(2), rank=1),
        NewEntry("candidate", spec(3)),
    ]
    store.add_entries(study.id, "confirm", new)
    store.add_entries(study.id, "confirm", new[:2])
    assert [(entry.label, entry.spec_id[-1], entry.rank) for entry in store.entries(study.id, "confirm")] == [
        ("", "2", 1),
        ("", "1", 2),
        ("", "3", None),
        ("lstm", "9", None),
    ]
    store.add_entry(study.id, "confirm", "candidate", spec(3), rank=0)
    store.add_entry(study.id, "confirm", "candidate", spec(1))
    assert [(entry.spec_id[-1], entry.rank) for entry in store.entries(study.id, "confirm")][:3] == [
        ("3", 0),
        ("2", 1),
        ("1", 2),
    ]
    assert store.entries(study.id, "report") == ()


def test_a_candidate_equal_to_a_baseline_shares_its_runs(store: FreeStore, study: StudyRow) -> None:
    store.add_entry(study.id, "report", "candidate", spec(0))
    store.add_entry(study.id, "report", "baseline", spec(0), "lstm")
    store.record_completion(run(study.id, 0, phase="report"), key(0), score(), ENVIRONMENT)
    candidate, baseline = store.results(study.id, "report")
    assert candidate.runs == baseline.runs
    assert store.progress(study.id).runs == {"report": 1}


def test_results_are_ordered_by_seed_and_kept_apart_by_phase(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.add_entry(study.id, "confirm", "candidate", spec(0))
    for seed_index in (10, 2, 0):
        store.record_completion(run(study.id, 0, seed_index), key(0, seed=seed_index), score(), ENVIRONMENT)
    store.record_failure(run(study.id, 0, 1), KILLED)
    store.record_completion(run(study.id, 0, 0, "confirm"), key(0, seed=99), score(), ENVIRONMENT)
    (result,) = store.results(study.id, "search")
    assert [row.seed_index for row in result.runs] == [0, 1, 2, 10]
    assert [row.failure is None for row in result.runs] == [True, False, True, True]
    assert len(store.results(study.id, "confirm")[0].runs) == 1


def test_equal_environments_are_stored_once(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    for seed_index, environment in enumerate([{"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 2}]):
        store.record_completion(run(study.id, 0, seed_index), key(0, seed=seed_index), score(), environment)
    rows = [row.evaluation for row in store.results(study.id, "search")[0].runs]
    prints = [row.environment for row in rows if row is not None]
    assert prints[0] == prints[1] != prints[2]
    assert store.environment("unknown") is None


def test_what_is_not_there_is_none(store: FreeStore) -> None:
    assert store.evaluation(1) is None
    assert store.weights(1) is None
    assert store.spec("s") is None


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": [1, 2.0, None], "a": {"é": True}}) == '{"a":{"\\u00e9":true},"b":[1,2.0,null]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 2.0})
    assert len(digest(1)) == 64
    assert len(digest(1, 16)) == 16
    for wrong in (math.nan, [math.inf]):
        with pytest.raises(ValueError, match="JSON"):
            canonical_json(wrong)
    for keyed in ({1: 2}, [{None: 1}]):
        with pytest.raises(TypeError, match="is text"):
            canonical_json(keyed)
