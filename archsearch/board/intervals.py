"""Intervals for means and shares, and quartiles of censored counts."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Sequence
from statistics import NormalDist

from archsearch.board.student import t_quantile


@dataclasses.dataclass(frozen=True)
class Interval:
    """A confidence interval, ends included."""

    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2


@dataclasses.dataclass(frozen=True)
class Quartiles:
    """Median and quartiles; None where the value lies beyond `budget`, the count at which watching ended."""

    q1: float | None
    median: float | None
    q3: float | None
    budget: int | None


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; `ValueError` for no values."""
    if not values:
        raise ValueError("no values have no mean")
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The unbiased sample variance of at least two values."""
    centre = mean(values)
    return math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1)


def t_interval(values: Sequence[float], confidence: float = 0.95) -> Interval | None:
    """Student's interval of the mean; None for fewer than two values.

    A percentile bootstrap of 3 to 20 values covers too little; this covers `confidence` of Gaussian samples.
    Source: Student, The probable error of a mean, Biometrika 1908.
    """
    _check_confidence(confidence)
    if not all(map(math.isfinite, values)):
        raise ValueError("an interval needs finite values")
    if len(values) < 2:
        return None
    centre = mean(values)
    half = t_quantile((1 + confidence) / 2, len(values) - 1) * math.sqrt(variance(values) / len(values))
    return Interval(centre - half, centre + half)


def wilson_interval(successes: int, of: int, confidence: float = 0.95) -> Interval | None:
    """Wilson's score interval of the share `successes / of`; None for nothing tried.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927.
    """

    _check_confidence(confidence)
    if not 0 <= successes <= of:
        raise ValueError(f"{successes} of {of} is not a share")
    if of == 0:
        return None
    z = _normal_quantile((1 + confidence) / 2)
    share = successes / of
    centre = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == of else (centre + half) / scale
    return Interval(low, high)


def censored_quartiles(values: Sequence[int | None], budget: int | None = None) -> Quartiles | None:
    """Median and quartiles of counts of which some (None) are only known to exceed the budget.

    Between two order statistics the value is interpolated linearly; next to a censored one it is beyond the budget.
    Returns None for no values.
    """
    if not values:
        return None
    ordered = sorted(math.inf if value is None else float(value) for value in values)
    q1, median, q3 = (_quantile(ordered, share) for share in (0.25, 0.5, 0.75))
    return Quartiles(q1, median, q3, budget)


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    part = position - below
    low = ordered[below]
    high = ordered[below + 1] if part else low
    return low + part * (high - low) if math.isfinite(high) else None


@functools.cache
def _normal_quantile(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
