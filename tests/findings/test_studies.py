"""How long a study will still take: from the ends of its evaluations, pauses left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from archsearch.findings.studies import pace, progress_of, seconds_left
from archsearch.store.store import Store
from tests.cli.samples import record_study, spec_row
from tests.databases.fixtures import BOTH
from tests.store.free_store import FreeStore


def ended(*moments: tuple[float, float]) -> list[tuple[str, float]]:
    """Evaluations by the second at which they ended and the seconds that they took, the latest first."""
    return [
        (f"2026-01-01T{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{at % 60:09.6f}+00:00", seconds)
        for at, seconds in reversed(moments)
    ]


def test_one_worker_takes_as_long_as_its_evaluations() -> None:
    assert pace(ended((10, 10), (20, 10), (30, 10))) == pytest.approx(10)


def test_two_workers_end_evaluations_twice_as_often() -> None:
    assert pace(ended((10, 10), (15, 10), (20, 10), (25, 10), (30, 10))) == pytest.approx(5)


def test_the_time_in_which_nothing_ran_does_not_count() -> None:
    night = 8 * 3600
    assert pace(ended((10, 10), (20, 10), (night, 10), (night + 10, 10))) == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("moments", [(), ((10, 10),), ((10, 10), (20, 10))])
def test_too_few_evaluations_tell_nothing(moments: Sequence[tuple[float, float]]) -> None:
    assert pace(ended(*moments)) is None


def test_evaluations_that_end_at_once_have_a_pace_of_zero() -> None:
    assert pace(ended((5, 1), (5, 1), (5, 1))) == 0


@pytest.mark.parametrize(
    ("begun", "planned"),
    [(1, [(4, 7), (0, 6), (0, 12)]), (2, [(4, 4), (6, 6), (0, 12)]), (3, [(4, 4), (6, 6), (12, 12)])],
)
def test_a_phase_that_is_over_has_no_more_planned(tmp_path: Path, begun: int, planned: list[tuple[int, int]]) -> None:
    """A space without enough candidates ends phases early."""
    url = f"sqlite:///{tmp_path / 'study.db'}"
    record_study(url, "tiny", phases=begun)
    with Store.read(url) as store:
        row = store.find_study("tiny")
        assert row is not None
        assert [(phase.done, phase.planned) for phase in progress_of(store, row).phases] == planned


def test_a_search_that_was_extended_has_more_planned(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'study.db'}"
    record_study(url, "tiny", phases=2)
    with FreeStore.create(url) as store:
        row = store.find_study("tiny")
        assert row is not None
        store.record_proposal(row.id, 5, {"coupling": "tied"}, spec_row("rnn"))
        search = progress_of(store, row).phases[0]
    assert (search.done, search.planned) == (4, 7)


@BOTH
def test_only_a_running_study_has_time_left(url: str) -> None:
    record_study(url, "tiny", phases=1)
    with FreeStore.create(url) as store:
        row = store.find_study("tiny")
        assert row is not None
        found = progress_of(store, row).phases
        each = pace(store.last_evaluations(row.id, 100))
        assert each is not None
        assert seconds_left(store, row, found) == pytest.approx(each * (7 - 4 + 6 + 12))
        store.set_state(row.id, "interrupted")
        stopped = store.find_study("tiny")
        assert stopped is not None
        assert seconds_left(store, stopped, found) is None
