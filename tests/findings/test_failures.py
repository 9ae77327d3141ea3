"""What failed in a study: pages of one list, the latest first, of which no more is read than is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from archsearch.findings.evaluations import latest_failures
from archsearch.schema.canonical import canonical_json
from archsearch.schema.score import Failure
from archsearch.store import Run, StudyRow, TrialEnd
from tests.cli.samples import CANDIDATES, DEFINITION, record_study, spec_row
from tests.databases.fixtures import BOTH
from tests.store.counting import failures_read
from tests.store.free_store import FreeStore

pytestmark = BOTH

Made = tuple[FreeStore, StudyRow]


class Ticks:
    """A clock that stands still for three looks at a time."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        return f"2026-01-01T00:00:{self.looks // 3:02}.000000+00:00"


@pytest.fixture
def made(url: str) -> Iterator[Made]:
    """A study with attempts and refused proposals, many of them at the same time, beside another one."""
    record_study(url, "other")
    with FreeStore.create(url, Ticks()) as store:
        row = store.create_study("tiny", canonical_json(DEFINITION))
        for number, name in enumerate(CANDIDATES):
            spec = spec_row(name)
            store.record_proposal(row.id, number, {"coupling": "none"}, spec)
            run = Run(row.id, "search", spec.spec_id, 0)
            for attempt in range(3):
                store.record_attempt(run, Failure(kind="killed", reason=f"{name} {attempt}"))
            store.record_failure(run, Failure(kind="nan", reason=name), trial=TrialEnd(number, "failed"))
            for more in range(2):
                choices = {"coupling": "none", "place": f"{number} {more}"}
                store.record_refusal(row.id, 100 + 10 * number + more, choices, "no sound cell")
        yield store, row


def whole(store: FreeStore, row: StudyRow) -> list[dict[str, Any]]:
    """All failures put together row by row, the latest first."""
    order = "at, phase, spec_id, seed_index, attempt"
    query = text(f"SELECT {order}, kind, final, reason FROM archsearch_attempts WHERE study_id = :id ORDER BY {order}")
    rows = store._read(lambda c: c.execute(query, {"id": row.id}).mappings().all())
    attempts: list[dict[str, Any]] = [
        {**each, "final": bool(each["final"]), "line": store.lines(row.id, [each["spec_id"]])[each["spec_id"]]}
        for each in rows
    ]
    refusals: list[dict[str, Any]] = [
        {"at": each.finished_at, "phase": "search", "kind": "no cell", "final": True, "attempt": 1}
        | {"seed_index": None, "spec_id": None, "reason": each.reason}
        | {"line": f"coupling={each.choices['coupling']}, place={each.choices['place']}"}
        for each in store.trials(row.id)
        if each.spec_id is None
    ]
    return sorted([*attempts, *refusals], key=lambda each: str(each["at"]))[::-1]


def test_all_failures_are_there_with_their_kinds(made: Made) -> None:
    store, row = made
    found = latest_failures(store, row)
    assert list(map(vars, found.failures)) == whole(store, row)
    assert found.total == len(found.failures) == 24
    assert list(found.kinds.items()) == [("killed", 12), ("no cell", 8), ("nan", 4)]
    assert [type(each.final) for each in found.failures] == [bool] * 24


def test_pages_are_parts_of_one_list(made: Made) -> None:
    store, row = made
    everything = whole(store, row)
    for count in (1, 3, 7, 24, 100):
        for offset in (0, 1, 5, 23, 24, 100):
            found = latest_failures(store, row, count, offset)
            assert list(map(vars, found.failures)) == everything[offset : offset + count]
            assert (found.total, len(found.kinds)) == (24, 3)


def test_no_more_is_read_than_is_asked_for(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    store, row = made
    read = failures_read(monkeypatch)
    latest_failures(store, row, 2, 20)
    assert len(read) == 2


def test_where_nothing_failed_there_is_nothing(made: Made) -> None:
    store, _ = made
    found = latest_failures(store, store.create_study("calm", canonical_json(DEFINITION)))
    assert (found.total, dict(found.kinds), found.failures) == (0, {}, ())
