"""Intervals against published numbers and by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
import pytest

from archsearch.board.intervals import (
    Interval,
    Quartiles,
    censored_quartiles,
    mean,
    t_interval,
    variance,
    wilson_interval,
)
from archsearch.board.student import t_quantile

SAMPLES = 3000
BOUND = 4 * math.sqrt(0.05 * 0.95 / SAMPLES)  # four standard deviations of a share of 95 %

IntervalOf = Callable[[Sequence[float]], Interval | None]


@pytest.mark.parametrize(
    ("degrees", "published"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042)]
)
def test_t_quantiles_are_those_of_the_tables(degrees: int, published: float) -> None:
    assert t_quantile(0.975, degrees) == pytest.approx(published, abs=0.0005)


def test_a_t_interval_worked_out_by_hand() -> None:
    found = t_interval([1.0, 2.0, 3.0, 4.0])
    half = 3.1824 * math.sqrt((2.25 + 0.25 + 0.25 + 2.25) / 3 / 4)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half), abs=1e-4)


def test_one_value_has_no_interval_and_equal_values_one_of_width_0() -> None:
    assert t_interval([]) is None
    assert t_interval([0.5]) is None
    assert t_interval([0.5, 0.5, 0.5]) == Interval(0.5, 0.5)


def test_a_higher_confidence_widens_the_interval() -> None:
    narrow, wide = (t_interval([0.1, 0.4, 0.3], confidence) for confidence in (0.95, 0.99))
    assert narrow is not None
    assert wide is not None
    assert wide.low < narrow.low < narrow.high < wide.high


def coverage(interval_of: IntervalOf, size: int) -> float:
    """The share of Gaussian samples of a size whose interval holds the true mean."""
    samples = np.random.default_rng(size).normal(0.7, 0.1, (SAMPLES, size))
    intervals = [interval_of(sample) for sample in samples.tolist()]
    return sum(found is not None and found.low <= 0.7 <= found.high for found in intervals) / SAMPLES


@pytest.mark.parametrize("size", [2, 3, 5, 10])
def test_the_t_interval_covers_95_percent(size: int) -> None:
    assert coverage(t_interval, size) == pytest.approx(0.95, abs=BOUND)


@pytest.mark.parametrize("size", [3, 5, 10])
def test_the_simulation_notices_an_interval_that_is_too_narrow(size: int) -> None:
    def gaussian(values: Sequence[float]) -> Interval:
        half = NormalDist().inv_cdf(0.975) * math.sqrt(variance(values) / len(values))
        return Interval(mean(values) - half, mean(values) + half)

    assert coverage(gaussian, size) < 0.95 - BOUND


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_those_of_newcombe(successes: int, of: int, low: float, high: float) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 1998, table I."""
    found = wilson_interval(successes, of)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)


def test_wilson_is_symmetric_and_stays_inside_0_and_1() -> None:
    for of in (1, 3, 8, 50):
        for successes in range(of + 1):
            found, mirrored = wilson_interval(successes, of), wilson_interval(of - successes, of)
            assert found is not None
            assert mirrored is not None
            assert 0 <= found.low <= successes / of <= found.high <= 1
            assert found.low == pytest.approx(1 - mirrored.high)
    assert wilson_interval(0, 0) is None


def test_impossible_questions_are_mistakes() -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson_interval(3, 2)
    with pytest.raises(ValueError, match="finite"):
        t_interval([0.5, math.inf])
    for confidence in (0.0, 1.0, math.nan, 95):
        with pytest.raises(ValueError, match="confidence"):
            t_interval([0.1, 0.2], confidence)
    with pytest.raises(ValueError, match="no mean"):
        mean([])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 11])
def test_uncensored_quartiles_are_numpys(size: int) -> None:
    values = np.random.default_rng(size).integers(0, 10_000, size).tolist()
    found = censored_quartiles(values, 10_000)
    assert found is not None
    assert (found.q1, found.median, found.q3) == pytest.approx(tuple(np.quantile(values, (0.25, 0.5, 0.75))))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 200, 300, None, None], (200, 300, None)),
        ([None, 100, None, 200, 300, None, 400], (250, 400, None)),
        ([100, None], (None, None, None)),
        ([100, 200, 300, None], (175, 250, None)),
        ([None], (None, None, None)),
        ([100, 200, 300, 400, None], (200, 300, 400)),
    ],
)
def test_a_quartile_among_censored_values_is_beyond_the_budget(
    values: list[int | None], expected: tuple[float | None, float | None, float | None]
) -> None:
    assert censored_quartiles(values, 6400) == Quartiles(*expected, budget=6400)


def test_nothing_tried_has_no_quartiles() -> None:
    assert censored_quartiles([], 6400) is None
