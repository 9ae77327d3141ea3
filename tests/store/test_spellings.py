"""Equal trainings are one spec: it is stored once, and each study shows the names that it came with."""

from __future__ import annotations

import dataclasses

from archsearch.store import NewEntry, StudyRow
from archsearch.study.entries import find_entry
from tests.databases.raw import query
from tests.store.free_store import FreeStore
from tests.store.samples import propose, respelled, spec


def document(store: FreeStore, study: StudyRow) -> str:
    row = store.spec_of_study(study.id, spec(1).spec_id)
    assert row is not None
    return row.document


def test_each_study_has_its_own_spelling_of_a_spec(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    propose(store, study.id, 1)
    store.record_proposal(other.id, 0, {}, respelled(1))
    assert document(store, study) == spec(1).document
    assert document(store, other) == respelled(1).document
    assert store.spec(spec(1).spec_id) == spec(1)


def test_an_entry_of_a_study_has_its_spelling(store: FreeStore, study: StudyRow) -> None:
    other = store.create_study("other", "{}")
    for number, (row, spelling) in enumerate([(study, spec(1)), (other, respelled(1))]):
        store.record_proposal(row.id, number, {}, dataclasses.replace(spelling, spec_id="ab1"))
    parts = [entry.parts for row in (study, other) if (entry := find_entry(store, row, "ab1"))]
    assert parts == [{"n": 1}, {"n": 1, "spelled": "otherwise"}]


def test_the_first_spelling_in_a_study_stays(store: FreeStore, study: StudyRow, url: str) -> None:
    other = store.create_study("other", "{}")
    propose(store, study.id, 1)
    store.add_entries(study.id, "report", [NewEntry("baseline", respelled(1), "lstm")])
    store.record_proposal(other.id, 0, {}, respelled(1))
    store.add_entries(other.id, "confirm", [NewEntry("candidate", spec(1), rank=1)])
    assert document(store, study) == spec(1).document
    assert document(store, other) == respelled(1).document
    assert len(query(url, "SELECT * FROM archsearch_spellings")) == 1


def test_the_same_spelling_is_stored_once(store: FreeStore, study: StudyRow, url: str) -> None:
    other = store.create_study("other", "{}")
    for row in (study, other):
        propose(store, row.id, 1)
        assert document(store, row) == spec(1).document
    assert query(url, "SELECT * FROM archsearch_spellings") == []
    assert store.spec_of_study(study.id, spec(2).spec_id) is None
