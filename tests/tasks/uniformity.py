"""A bound for what should be uniform."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def assert_uniform(values: NDArray[np.int64], low: int, high: int) -> None:
    """Integers take all values low..high equally often (chi-square, some five standard deviations)."""
    assert values.min() == low
    assert values.max() == high
    counts = np.bincount(values.ravel() - low, minlength=high - low + 1)
    expected = values.size / len(counts)
    assert expected >= 20, "too few values for the bound to mean anything"
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    freedom = len(counts) - 1
    assert chi_square <= freedom + 5 * math.sqrt(2 * freedom) + 10
