"""What the benchmark of kills calls lost and doubled."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.killed import Records

TRIALS: dict[int, tuple[Any, ...]] = {0: ({"a": 1}, "spec0", None, "complete", 0.5), 1: ({"a": 2}, "spec1", None)}
EVALUATIONS: dict[tuple[Any, ...], tuple[Any, ...]] = {("search", "spec0", 0): ("noon", "hash0", None)}
BEFORE = Records(TRIALS, EVALUATIONS)
WRONG = {
    "a trial is gone": (Records({1: TRIALS[1]}, EVALUATIONS), 1, 0),
    "a trial has another candidate": (Records({**TRIALS, 1: ({"a": 2}, "spec2", None)}, EVALUATIONS), 1, 0),
    "a finished trial runs again": (Records({**TRIALS, 0: TRIALS[0][:3]}, EVALUATIONS), 1, 0),
    "an evaluation is gone": (Records(TRIALS, {}), 1, 0),
    "its weights have changed": (Records(TRIALS, {("search", "spec0", 0): ("noon", "hash1", None)}), 1, 0),
    "it was made again": (Records(TRIALS, {("search", "spec0", 0): ("later", "hash0", None)}), 0, 1),
    "two trials have one candidate": (Records(TRIALS, EVALUATIONS, unnamed=1), 0, 1),
}


def test_a_study_that_goes_on_has_neither_lost_nor_doubled_anything() -> None:
    more = {1: (*TRIALS[1], "failed", None), 2: ({"a": 3}, "spec2", None)}
    later = Records({**TRIALS, **more}, {**EVALUATIONS, ("search", "spec1", 0): ("later", "hash1", None)})
    assert (BEFORE.lost(later), BEFORE.doubled(later)) == (0, 0)


@pytest.mark.parametrize(("later", "lost", "doubled"), WRONG.values(), ids=WRONG)
def test_what_is_lost_or_doubled_is_counted(later: Records, lost: int, doubled: int) -> None:
    assert (BEFORE.lost(later), BEFORE.doubled(later)) == (lost, doubled)
