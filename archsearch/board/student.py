"""Student's t distribution in plain Python: scipy.special would cost a quarter of a second at every start."""

from __future__ import annotations

import functools
import math
from statistics import NormalDist

_TINY = 1e-300
_STEPS = 500


@functools.lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t distribution with `degrees` degrees of freedom, to about 1e-12 of its size.

    The root of the distribution function, by bisection and Newton's steps; Abramowitz & Stegun 1964, 26.7.1 and 26.5.8.
    """
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile {probability} with {degrees} degrees of freedom")
    if probability < 0.5:
        return -t_quantile(1 - probability, degrees)
    tail = 1 - probability
    low, high = 0.0, max(1.0, NormalDist().inv_cdf(probability))
    while _upper_tail(high, degrees) > tail:
        low, high = high, 2 * high
    point = (low + high) / 2
    for _ in range(_STEPS):
        excess = _upper_tail(point, degrees) - tail
        low, high = (point, high) if excess > 0 else (low, point)
        newton = point + excess / _density(point, degrees)
        following = newton if low < newton < high else (low + high) / 2
        if abs(following - point) <= 1e-14 * point:
            return following
        point = following
    return point


def _density(point: float, degrees: int) -> float:
    half = degrees / 2
    scale = math.lgamma(half + 0.5) - math.lgamma(half) - 0.5 * math.log(degrees * math.pi)
    return math.exp(scale - (half + 0.5) * math.log1p(point * point / degrees))


def _upper_tail(point: float, degrees: int) -> float:
    """The probability above `point`, which is at least 0: half of I(n / (n + t²); n/2, 1/2)."""
    ratio = degrees / (degrees + point * point)
    return _incomplete_beta(ratio, point * point / (degrees + point * point), degrees / 2, 0.5) / 2


def _incomplete_beta(x: float, rest: float, a: float, b: float) -> float:
    """The regularised incomplete beta function; `rest` is 1 - x, given so that no digits are lost."""
    if x == 0 or rest == 0:
        return 0.0 if x == 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(rest, b, a) / b
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 26.5.8, by Lentz's method."""
    upper, lower = 1.0, 1 / _kept(1 - (a + b) * x / (a + 1))
    value = lower
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            lower = 1 / _kept(1 + term * lower)
            upper = _kept(1 + term / upper)
            value *= lower * upper
        if abs(lower * upper - 1) < 1e-16:
            break
    return value


def _kept(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
