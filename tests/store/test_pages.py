"""Pages of long lists: the same rows as the whole list, sorted, filtered and cut."""

from __future__ import annotations

import itertools

import pytest

from archsearch.store import StudyRow, TrialEnd, TrialRow
from archsearch.store.pages import Cut, TrialFilter, TrialSort
from tests.store.free_store import FreeStore
from tests.store.samples import propose

VALUES = (0.5, None, 0.25, 0.75, None, 0.5, 0.0, 1.0)


@pytest.fixture
def rows(store: FreeStore, study: StudyRow) -> tuple[TrialRow, ...]:
    """Trials with and without values, one of which has no spec."""
    for number, value in enumerate(VALUES):
        propose(store, study.id, number)
        if value is not None:
            store.finish_trial(study.id, TrialEnd(number, "complete", value))
    store.record_refusal(study.id, len(VALUES), {}, "no cell")
    return store.trials(study.id)


@pytest.mark.parametrize(
    ("sort", "descending"), list(itertools.product(["number", "state", "value", "line", "arch_id"], [False, True]))
)
def test_pages_put_together_are_the_sorted_list(
    store: FreeStore, study: StudyRow, rows: tuple[TrialRow, ...], sort: TrialSort, descending: bool
) -> None:
    def value(row: TrialRow) -> object:
        return row.__dict__[sort] if row.spec_id is not None or sort in ("number", "state") else None

    present = sorted((row for row in rows if value(row) is not None), key=value, reverse=descending)  # type: ignore[arg-type]
    missing = [row for row in rows if value(row) is None]
    wanted = [*present, *missing]
    found = [store.page_trials(study.id, sort, Cut(4, offset, descending)) for offset in (0, 4, 8, 12)]
    assert all(page.total == len(rows) for page in found)
    assert [row for page in found for row in page.rows] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        TrialFilter(),
        TrialFilter(state="complete"),
        TrialFilter(least=0.5),
        TrialFilter(most=0.5),
        TrialFilter(least=0.25, most=0.5),
        TrialFilter(state="failed"),
        TrialFilter(line="' OR 1=1 --"),
        TrialFilter(line="%"),
        TrialFilter(line="_"),
        TrialFilter(arch_id="nothing"),
    ],
    ids=str,
)
def test_filters_keep_what_they_say(
    store: FreeStore, study: StudyRow, rows: tuple[TrialRow, ...], wanted: TrialFilter
) -> None:
    def passes(row: TrialRow) -> bool:
        bounded = wanted.least is not None or wanted.most is not None
        return (
            wanted.state in (None, row.state)
            and not (bounded and row.value is None)
            and (wanted.least is None or (row.value is not None and row.value >= wanted.least))
            and (wanted.most is None or (row.value is not None and row.value <= wanted.most))
            and (wanted.line is None or wanted.line in row.line)
            and wanted.arch_id in (None, row.arch_id)
        )

    found = store.page_trials(study.id, "number", Cut(100), wanted)
    assert found.rows == tuple(filter(passes, rows))
    assert found.total == len(found.rows)


def test_part_of_a_line_and_an_architecture_find_their_trials(
    store: FreeStore, study: StudyRow, rows: tuple[TrialRow, ...]
) -> None:
    first = rows[0]
    assert first.arch_id is not None
    for wanted in (TrialFilter(line=first.line.upper()), TrialFilter(arch_id=first.arch_id)):
        assert first in store.page_trials(study.id, "number", Cut(100), wanted).rows


def test_studies_are_cut_by_name_and_state(store: FreeStore, study: StudyRow) -> None:
    for name in ("b", "a%", "quicker"):
        store.create_study(name, "{}")
    store.set_state(study.id, "finished")
    assert [row.name for row in store.page_studies("name", Cut(2, 1)).rows] == ["b", "quick"]
    assert [row.name for row in store.page_studies("name", Cut(9), "QUICK").rows] == ["quick", "quicker"]
    assert [row.name for row in store.page_studies("name", Cut(9), "%").rows] == ["a%"]
    assert [row.name for row in store.page_studies("state", Cut(9), None, "finished").rows] == ["quick"]
    assert [row.name for row in store.page_studies("created_at", Cut(1, 0, True)).rows] == ["quicker"]


def test_a_stamp_changes_with_the_study(store: FreeStore, study: StudyRow) -> None:
    before = store.stamp(study.id)
    assert store.stamp(study.id) == before
    propose(store, study.id, 0)
    after = store.stamp(study.id)
    assert after != before
    store.set_state(study.id, "finished")
    assert store.stamp(study.id) != after
