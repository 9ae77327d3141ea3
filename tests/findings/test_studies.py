"""How long a study will still take: from the ends of its evaluations, pauses left out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archsearch.findings.studies import PhaseCounts, evaluations_left, pace, progress_of, seconds_left
from archsearch.schema.phases import PHASES
from tests.cli.samples import record_study
from tests.databases.fixtures import BOTH
from tests.store.free_store import FreeStore


def ended(*moments: tuple[float, float]) -> list[tuple[str, float]]:
    """Evaluations by the second at which they ended and the seconds that they took, the latest first."""
    return [
        (f"2026-01-01T{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{at % 60:09.6f}+00:00", seconds)
        for at, seconds in reversed(moments)
    ]


def phases(*counts: tuple[int, int]) -> list[PhaseCounts]:
    """Phases by evaluations done and planned."""
    return [PhaseCounts(phase, done, planned, 0) for phase, (done, planned) in zip(PHASES, counts, strict=True)]


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


def test_what_is_planned_and_not_done_is_left() -> None:
    assert evaluations_left(phases((0, 7), (0, 6), (0, 12))) == 25
    assert evaluations_left(phases((3, 7), (0, 6), (0, 12))) == 22
    assert evaluations_left(phases((7, 7), (6, 6), (12, 12))) == 0


def test_a_phase_is_over_when_a_later_one_has_begun() -> None:
    assert evaluations_left(phases((3, 7), (1, 6), (0, 12))) == 17  # the space was exhausted
    assert evaluations_left(phases((9, 7), (0, 6), (0, 12))) == 18  # more than planned


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
