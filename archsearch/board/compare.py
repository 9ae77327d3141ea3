"""A candidate against a baseline, paired by seed and corrected for the number of candidates compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

from archsearch.board.intervals import Interval, mean, t_interval

Outcome = Literal["better", "worse", "undecided", "too few seeds"]

MINIMUM_PAIRS = 3
"""With fewer pairs nothing is decided: two differences that happen to be close give any narrow interval."""

_EQUAL = 1e-12  # rounding of sums of scores in [0, 1]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What a candidate gains over a baseline on the seeds that both have.

    `interval` is that of the mean `difference` at the level `confidence`, which is the asked one after Bonferroni's
    correction for `comparisons`; `ratio` that of the means, None over a baseline of 0.
    """

    baseline: str
    pairs: int
    difference: float
    interval: Interval | None
    confidence: float
    comparisons: int
    ratio: float | None
    outcome: Outcome


def compare(
    candidate: Mapping[int, float],
    baseline: Mapping[int, float],
    *,
    label: str,
    comparisons: int = 1,
    confidence: float = 0.95,
) -> Comparison | None:
    """Compare scores by seed index; None when no seed is in both.

    `comparisons` is the number of candidates that are compared in all: among that many equal ones, a false winner
    appears in at most 1 - `confidence` of studies (Bonferroni).
    """
    if comparisons < 1:
        raise ValueError("at least this candidate is compared")
    seeds = sorted(candidate.keys() & baseline.keys())
    if not seeds:
        return None
    ours = [candidate[seed] for seed in seeds]
    theirs = [baseline[seed] for seed in seeds]
    differences = [our - their for our, their in zip(ours, theirs, strict=True)]
    risk = (1 - confidence) / comparisons
    interval = t_interval(differences, 1 - risk)
    return Comparison(
        baseline=label,
        pairs=len(seeds),
        difference=mean(differences),
        interval=interval,
        confidence=1 - risk,
        comparisons=comparisons,
        ratio=mean(ours) / mean(theirs) if mean(theirs) > _EQUAL else None,
        outcome=_outcome(differences, interval, risk),
    )


def _outcome(differences: Sequence[float], interval: Interval | None, risk: float) -> Outcome:
    if interval is None or len(differences) < MINIMUM_PAIRS:
        return "too few seeds"
    if _constant(differences):
        return _outcome_without_spread(differences, risk)
    if interval.low > 0:
        return "better"
    return "worse" if interval.high < 0 else "undecided"


def _outcome_without_spread(differences: Sequence[float], risk: float) -> Outcome:
    """Equal differences have an interval of width 0, which proves nothing; the sign test still counts them."""
    if abs(differences[0]) <= _EQUAL:
        return "undecided"
    if 2.0 ** (1 - len(differences)) > risk:
        return "too few seeds"
    return "better" if differences[0] > 0 else "worse"


def _constant(values: Sequence[float]) -> bool:
    return max(values) - min(values) <= _EQUAL
