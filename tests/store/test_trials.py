"""Studies, specs, trials and their repeats."""

from __future__ import annotations

import pytest

from archsearch.errors import InvalidInput
from archsearch.store import AlreadyCounted, EndState, StudyRow, TrialEnd
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import key, propose, run, spec


def test_a_study_is_found_by_its_name_and_keeps_its_definition(store: FreeStore) -> None:
    made = store.create_study("b", '{"seed": 1}')
    store.create_study("a", "{}")
    assert store.find_study("b") == made
    assert (made.definition, made.state) == ('{"seed": 1}', "running")
    assert [study.name for study in store.list_studies()] == ["a", "b"]
    assert store.find_study("B") is None


def test_a_study_changes_its_definition_and_state(store: FreeStore, study: StudyRow) -> None:
    store.set_definition(study.id, '{"seed":2}')
    store.set_state(study.id, "exhausted")
    changed = store.find_study("quick")
    assert changed is not None
    assert (changed.definition, changed.state) == ('{"seed":2}', "exhausted")
    with pytest.raises(ValueError, match="no study"):
        store.set_state(study.id + 1, "finished")


def test_a_taken_name_is_refused(store: FreeStore, study: StudyRow) -> None:
    with pytest.raises(AlreadyCounted, match="'quick'"):
        store.create_study(study.name, "{}")
    assert len(store.list_studies()) == 1


HOSTILE = [
    "Robert'); DROP TABLE archsearch_studies;--",
    '" OR 1=1 --',
    "../../etc/passwd",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "\u202eright to left",
    "caf\u00e9",
    "cafe\u0301",
    "\x1b[31mred",
    "line\nbreak\n",
    "%s %(x)s {0} :name ?",
    "",
]


def test_hostile_names_are_kept_literally_and_apart(store: FreeStore) -> None:
    for name in HOSTILE:
        store.create_study(name, "{}")
    assert {study.name for study in store.list_studies()} == set(HOSTILE)
    for name in HOSTILE:
        found = store.find_study(name)
        assert found is not None
        assert found.name == name


@pytest.mark.parametrize("name", ["nul\0", "lone \ud800 surrogate"])
def test_names_that_no_database_can_hold_are_refused(store: FreeStore, name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a valid name"):
        store.create_study(name, "{}")


def test_a_proposal_keeps_choices_spec_and_architecture(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    (trial,) = store.trials(study.id)
    assert trial.choices == {"gate": "open", "size": 0, "rate": 0.5}
    assert (trial.spec_id, trial.arch_id, trial.line) == (spec(0).spec_id, spec(0).arch_id, "line 0")
    assert (trial.state, trial.value, trial.repeat_of, trial.finished_at) == ("running", None, None, None)
    assert store.spec(spec(0).spec_id) == spec(0)
    assert [(entry.role, entry.spec_id) for entry in store.entries(study.id, "search")] == [
        ("candidate", spec(0).spec_id)
    ]


def test_hostile_choices_and_lines_are_kept_literally(store: FreeStore, study: StudyRow) -> None:
    store.record_proposal(study.id, 0, {"x'; --": "\ud800\0", "é": 'a"b'}, spec(0))
    assert store.trials(study.id)[0].choices == {"x'; --": "\ud800\0", "é": 'a"b'}


def test_a_trial_number_is_given_once(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    with pytest.raises(AlreadyCounted, match="trial 0"):
        store.record_proposal(study.id, 0, {}, spec(1))
    assert store.spec(spec(1).spec_id) is None, "nothing of the refused proposal is kept"


def test_a_spec_is_proposed_once_and_then_repeated(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    with pytest.raises(AlreadyCounted, match="is trial 0"):
        store.record_proposal(study.id, 1, {}, spec(0))
    store.finish_trial(study.id, TrialEnd(0, "complete", 0.75))
    repeat = store.record_repeat(study.id, 1, {"gate": "open"}, repeat_of=0)
    assert (repeat.state, repeat.value, repeat.repeat_of, repeat.spec_id) == ("complete", 0.75, 0, spec(0).spec_id)
    assert store.progress(study.id).trials == {"complete": 1}
    assert store.progress(study.id).repeats == 1
    first = store.trial_of_spec(study.id, spec(0).spec_id)
    assert first is not None
    assert first.number == 0


def test_two_studies_may_propose_the_same_spec(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    propose(store, study.id, 0)
    propose(store, other.id, 0)
    assert len(store.trials(study.id)) == len(store.trials(other.id)) == 1


def test_a_repeat_of_a_running_trial_ends_with_it(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    propose(store, study.id, 1)
    assert store.record_repeat(study.id, 2, {}, repeat_of=0).state == "running"
    store.record_completion(run(study.id, 0), key(0), score(0.25), {}, trial=TrialEnd(0, "complete", 0.25))
    assert [(trial.state, trial.value) for trial in store.trials(study.id)] == [
        ("complete", 0.25),
        ("running", None),
        ("complete", 0.25),
    ]


def test_a_repeat_cannot_be_repeated_or_ended(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.record_repeat(study.id, 1, {}, repeat_of=0)
    with pytest.raises(ValueError, match="cannot be repeated"):
        store.record_repeat(study.id, 2, {}, repeat_of=1)
    with pytest.raises(ValueError, match="no trial 9"):
        store.record_repeat(study.id, 2, {}, repeat_of=9)
    with pytest.raises(AlreadyCounted, match="trial 1"):
        store.finish_trial(study.id, TrialEnd(1, "failed"))


def test_a_trial_ends_once(store: FreeStore, study: StudyRow) -> None:
    propose(store, study.id, 0)
    store.finish_trial(study.id, TrialEnd(0, "pruned", 0.1))
    with pytest.raises(AlreadyCounted, match="not running"):
        store.finish_trial(study.id, TrialEnd(0, "complete", 0.9))
    assert store.trials(study.id)[0].value == 0.1


def test_a_proposal_without_a_spec_keeps_its_reason(store: FreeStore, study: StudyRow) -> None:
    store.record_refusal(study.id, 0, {"a": 1}, "no such name: \0" + "x" * 10_000)
    (trial,) = store.trials(study.id, "failed")
    assert (trial.spec_id, trial.arch_id, trial.line) == (None, None, "")
    assert trial.reason.startswith("no such name: \\x00xxx")
    assert len(trial.reason) < 5000


def test_the_best_trial_is_complete_and_of_equals_the_earliest(store: FreeStore, study: StudyRow) -> None:
    assert store.best_trial(study.id) is None
    ends: tuple[EndState, ...] = ("failed", "complete", "pruned", "complete", "complete", "complete")
    best: list[int | None] = []
    for number, (state, value) in enumerate(zip(ends, (None, 0.5, 0.95, 0.9, 0.9, 0.8), strict=True)):
        store.record_proposal(study.id, number, {}, spec(number))
        store.finish_trial(study.id, TrialEnd(number, state, value))
        trial = store.best_trial(study.id)
        best.append(None if trial is None else trial.number)
    store.record_repeat(study.id, 6, {}, repeat_of=3)
    assert best == [None, 1, 1, 3, 3, 3]
    trial = store.best_trial(study.id)
    assert trial == store.find_trial(study.id, 3)
    assert trial is not None
    assert (trial.value, trial.spec_id, trial.line) == (0.9, spec(3).spec_id, spec(3).line)


@pytest.mark.parametrize(
    ("state", "value"),
    [("complete", None), ("complete", 1.5), ("complete", float("nan")), ("pruned", float("inf")), ("failed", 0.5)],
)
def test_an_impossible_end_is_refused(state: str, value: float | None) -> None:
    with pytest.raises(ValueError, match="trial"):
        TrialEnd(0, state, value)  # type: ignore[arg-type]
