"""Deleting a study takes what is its own, and leaves what another study counts too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import event

from archsearch.errors import Refused
from archsearch.schema.phases import Phase
from archsearch.store import NewEntry, StudyRow, TrialEnd
from archsearch.store.tables import metadata
from tests.databases.fixtures import SQLITE_ONLY
from tests.databases.raw import query
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import ENVIRONMENT, KILLED, key, propose, respelled, run, spec

Rows = dict[str, list[tuple[object, ...]]]


def content(url: str) -> Rows:
    """Every row of every table, asked past the store."""
    if url.startswith("sqlite"):
        assert query(url, "PRAGMA foreign_key_check") == []
    return {name: sorted(query(url, f"SELECT * FROM {name}"), key=repr) for name in metadata.tables}


def evaluate(store: FreeStore, study: StudyRow, number: int, environment: Mapping[str, object] = ENVIRONMENT) -> int:
    """A trial with one evaluation, with weights."""
    propose(store, study.id, number)
    end = TrialEnd(number, "complete", 0.5)
    return store.record_completion(
        run(study.id, number), key(number), score(), environment, trial=end, weights=b"w%d" % number, reports=[(1, 0.5)]
    )


def fill(store: FreeStore, study: StudyRow) -> None:
    """Everything that a study may have, of the specs 10 to 16, which nobody else has, and its spelling of spec 1."""
    mine = {"machine": study.name}
    evaluate(store, study, 10, mine)
    store.record_repeat(study.id, 1, {}, 10)
    propose(store, study.id, 11)
    store.record_repeat(study.id, 2, {}, 11)
    store.record_attempt(run(study.id, 11), KILLED)
    store.record_failure(run(study.id, 11), KILLED, trial=TrialEnd(11, "failed"))
    propose(store, study.id, 12)
    store.record_pruned(run(study.id, 12), key(12), mine, seconds=1, trial=TrialEnd(12, "pruned", 0.1))
    store.record_refusal(study.id, 13, {}, "no cell")
    store.add_entries(study.id, "confirm", [NewEntry("candidate", spec(10), rank=1)])
    store.add_entries(study.id, "report", [NewEntry("candidate", spec(10)), NewEntry("baseline", spec(14), "lstm")])
    store.record_completion(run(study.id, 14, 0, "report"), key(14, 7), score(), mine, weights=b"x" * 10_000)
    store.add_entries(study.id, "report", [NewEntry("baseline", respelled(1), "spelled otherwise")])
    propose(store, study.id, 15)  # still running
    store.record_attempt(run(study.id, 15), KILLED)


def board(store: FreeStore, study: StudyRow) -> list[object]:
    """All that can be read of a study."""
    phases: tuple[Phase, ...] = ("search", "confirm", "report")
    results = [(store.results(study.id, phase), store.entries(study.id, phase)) for phase in phases]
    return [results, store.trials(study.id), store.progress(study.id), store.failures(study.id), store.stamp(study.id)]


@pytest.fixture
def other(store: FreeStore) -> StudyRow:
    """A study that is to stay, with an evaluation of its own and everything else that a study has."""
    row = store.create_study("other", "{}")
    evaluate(store, row, 0)
    propose(store, row.id, 1)
    store.record_failure(run(row.id, 1), KILLED, trial=TrialEnd(1, "failed"))
    store.add_studies([("new", "{}")])
    return row


def test_a_deleted_study_leaves_the_database_as_it_was_without_it(url: str, store: FreeStore, other: StudyRow) -> None:
    before = content(url)
    study = store.create_study("quick", "{}")
    fill(store, study)
    store.enqueue(study.id, 1)
    store.cancel(study.id)
    grown = content(url)
    kept = {"archsearch_schema"}
    assert {name for name in grown if len(grown[name]) == len(before[name])} == kept, "every table had rows to remove"
    store.delete_study(study.id)
    assert content(url) == before
    assert store.find_study("quick") is None
    assert store.jobs() != ()


def test_what_another_study_counts_too_is_kept(url: str, store: FreeStore, other: StudyRow) -> None:
    evaluation = evaluate(store, other, 2)
    study = store.create_study("quick", "{}")
    fill(store, study)
    propose(store, study.id, 0)
    shared = store.find_complete(key(0))
    assert shared is not None
    assert store.link_existing(run(study.id, 0), key(0), trial=TrialEnd(0, "complete", 0.5))
    propose(store, other.id, 10)  # finished by the study that is deleted, and counted by both
    own = store.find_complete(key(10))
    assert own is not None
    assert store.link_existing(run(other.id, 10), key(10), trial=TrialEnd(10, "complete", 0.5))
    before = board(store, other)
    store.delete_study(study.id)
    assert board(store, other) == before
    assert store.find_complete(key(0)) == shared
    assert store.find_complete(key(10)) == own
    assert store.weights(own.id) == b"w10"
    assert store.weights(evaluation) == b"w2"
    assert store.environment(own.environment) == {"machine": "quick"}
    assert store.find_complete(key(14, 7)) is None
    assert len(content(url)["archsearch_evaluations"]) == 3


@pytest.mark.parametrize("table", ["trials", "entries", "attempts", "runs"])
def test_a_spec_is_kept_for_whatever_refers_to_it(
    store: FreeStore, study: StudyRow, other: StudyRow, table: str
) -> None:
    """One reference of each kind: without it the spec goes, and its architecture with it."""
    propose(store, study.id, 20)
    if table == "entries":
        store.add_entries(other.id, "report", [NewEntry("baseline", spec(20), "x")])
    else:
        propose(store, other.id, 20)
    if table in ("attempts", "runs"):
        store.record_failure(run(other.id, 20), KILLED, trial=TrialEnd(20, "failed"))
    store.delete_study(study.id)
    assert store.spec(spec(20).spec_id) == spec(20)
    store.delete_study(other.id)
    assert store.spec(spec(20).spec_id) is None


def test_an_architecture_is_kept_for_another_spec_of_it(url: str, store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    store.add_entries(study.id, "report", [NewEntry("candidate", spec(1, arch=5))])
    store.add_entries(other.id, "report", [NewEntry("candidate", spec(2, arch=5))])
    store.delete_study(study.id)
    assert store.spec(spec(2).spec_id) is not None
    assert len(content(url)["archsearch_architectures"]) == 1


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        ("queued", "cancel it first"),
        ("running", "cancel it first"),
        ("stopping", "it can be deleted once it has stopped"),
    ],
)
def test_a_study_that_a_runner_has_is_not_deleted(
    url: str, store: FreeStore, study: StudyRow, state: str, remedy: str
) -> None:
    fill(store, study)
    store.enqueue(study.id, 1)
    if state != "queued":
        store.begin_job(study.id)
    if state == "stopping":
        store.cancel(study.id)
    before = content(url)
    with pytest.raises(Refused, match=f"^study 'quick' is {state}: {remedy}$"):
        store.delete_study(study.id)
    assert content(url) == before


@pytest.mark.parametrize("state", ["created", "cancelled", "failed", "no job"])
def test_a_study_that_no_runner_has_is_deleted_with_its_job(store: FreeStore, url: str, state: str) -> None:
    (study,) = store.add_studies([("quick", "{}")])
    if state == "no job":
        store.begin_study(study.id)
    if state in ("cancelled", "failed"):
        store.enqueue(study.id, 1)
    if state == "cancelled":
        store.cancel(study.id)
    if state == "failed":
        store.fail_job(study.id, "why")
    store.delete_study(study.id)
    assert not any(rows for name, rows in content(url).items() if name != "archsearch_schema")


def test_the_name_of_a_deleted_study_is_free(store: FreeStore, study: StudyRow) -> None:
    fill(store, study)
    store.delete_study(study.id)
    again = store.create_study("quick", "{}")
    assert store.trials(again.id) == ()
    assert store.progress(again.id).runs == {}
    fill(store, again)


def test_deleting_what_is_not_there_changes_nothing(url: str, store: FreeStore, other: StudyRow) -> None:
    before = content(url)
    store.delete_study(other.id + 7)
    assert content(url) == before


@SQLITE_ONLY
def test_what_is_deleted_at_this_moment_is_not_counted(store: FreeStore, study: StudyRow, other: StudyRow) -> None:
    """A coordinator finds an evaluation, its study is deleted, and the number is given to another evaluation."""
    evaluation = evaluate(store, study, 10)
    propose(store, other.id, 10)
    found = store.find_complete(key(10))
    assert found is not None
    store.delete_study(study.id)
    assert not store.link_existing(run(other.id, 10), found.key)
    propose(store, other.id, 11)
    assert store.record_completion(run(other.id, 11), key(11), score(), ENVIRONMENT) == evaluation, "numbers come again"
    assert not store.link_existing(run(other.id, 10), found.key)
    assert store.runs(other.id, "search", spec(10).spec_id) == ()


def steps_of_a_deletion(url: str, count: int) -> int:
    """Tens of steps of SQLite's machine that deleting one of two studies with so many evaluations each takes."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    with FreeStore.create(url) as store:
        kept, study = store.create_study("kept", "{}"), store.create_study("quick", "{}")
        for number in range(count):
            evaluate(store, kept, number)
            evaluate(store, study, count + number)
        event.listen(store._engine, "connect", lambda connection, _: connection.set_progress_handler(step, 10))
        store.delete_study(study.id)
    return steps


@SQLITE_ONLY
def test_the_work_of_a_deletion_grows_with_what_there_is_and_not_with_its_square(url: str) -> None:
    """Without indexes of what refers to a row, tables would be read as a whole for every row."""
    few, many = steps_of_a_deletion(url, 10), steps_of_a_deletion(url + "2", 60)
    assert few > 100, "steps are counted"
    assert many < 6 * 1.5 * few
