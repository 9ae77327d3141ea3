"""How long a running study will still take, from what the store says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archsearch.findings.studies import PhaseCounts
    from archsearch.store import StudyRow
    from archsearch.store.store import Store

WATCHED = 24
"""Evaluations from whose ends the pace is taken."""

LEAST = 3
"""Evaluations below which there is no telling."""

_SLACK = 1.0  # seconds between two evaluations of one worker


def seconds_left(store: Store, row: StudyRow, phases: Sequence[PhaseCounts]) -> float | None:
    """Seconds until the study is through its plan; None unless it runs and enough of it is done.

    `phases` count evaluations done and planned.
    """
    if row.state != "running":
        return None
    each = pace(store.last_evaluations(row.id, WATCHED))
    return None if each is None else each * evaluations_left(phases)


def pace(latest: Sequence[tuple[str, float]]) -> float | None:
    """Seconds from one evaluation's end to the next one's, by the ends and durations of the latest, the latest first.

    While a study runs, an evaluation begins before or when the one before it ends, so that a gap longer than the
    evaluation after it is time in which nothing ran: it does not count.
    """
    if len(latest) < LEAST:
        return None
    ends = [(datetime.fromisoformat(at), seconds) for at, seconds in latest]
    gaps = [min((end - earlier).total_seconds(), seconds + _SLACK) for (end, seconds), (earlier, _) in pairwise(ends)]
    return max(0.0, sum(gaps)) / len(gaps)


def evaluations_left(phases: Sequence[PhaseCounts]) -> int:
    """Evaluations that are planned and not done; a phase is over when a later one has begun."""
    begun = max((index for index, phase in enumerate(phases) if phase.done), default=0)
    return sum(max(0, phase.planned - phase.done) for phase in phases[begun:])
