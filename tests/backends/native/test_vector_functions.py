"""The functions over vectors, against numpy in more digits, in every form of vector."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from archsearch.backends.native.compiler import Form, load_library
from archsearch.formula import PRIMITIVES
from tests.backends.native.forms import each_form, each_real

Array = NDArray[Any]

TYPES: dict[str, type] = {"float": np.float32, "double": np.float64}
WIDER: dict[str, type] = {"float": np.float64, "double": np.longdouble}


def sigmoid(a: Array) -> Array:
    small = np.exp(-np.abs(a))
    return np.asarray(np.where(a < 0, small, 1) / (1 + small))


TRUTH: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "log": np.log,
    "sin": np.sin,
    "log1p": np.log1p,
    "cos": np.cos,
}


PAIRS = ("max", "min", "gt")

LOOP = "{{ for (long k = 0; k < n; k += LANES) store(y + k, v_{0}({1})); }}\n"
ONE = "void all_{0}(long n, const REAL *a, REAL *y) " + LOOP.replace("{1}", "load(a + k)")
TWO = "void all_{0}(long n, const REAL *a, const REAL *b, REAL *y) " + LOOP.replace("{1}", "load(a + k), load(b + k)")
TEXT = '#include "vector.h"\n' + "".join(map(ONE.format, TRUTH)) + "".join(map(TWO.format, PAIRS))

BOUNDS: dict[str, tuple[float, float]] = {
    "exp": (1.3, 1.3),
    "tanh": (5.2, 3.0),
    "sigmoid": (2.2, 2.2),
    "log": (1.0, 1.0),
    "sin": (1.0, 1.0),
    "log1p": (1.0, 1.0),
    "cos": (1.0, 1.0),
}
"""Units in the last place, for float and double: the measured worst, rounded up; from log on the C library's."""


@functools.cache
def library(real: str, form: Form) -> ctypes.CDLL:
    return load_library(TEXT, real, "-O2 -lm", form)


def aligned(values: Array) -> Array:
    """The values where vectors may start, filled up to whole vectors."""
    count = -(-values.size // 16) * 16
    room = np.ones(count + 16, dtype=values.dtype)
    first = -(room.ctypes.data // room.itemsize) % 16
    found = room[first : first + count]
    found[: values.size] = values
    return found


def call(name: str, real: str, form: Form, *arguments: Array) -> Array:
    given = [aligned(argument.astype(TYPES[real])) for argument in arguments]
    result = aligned(np.zeros_like(given[0]))
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*given, result)]
    library(real, form)[f"all_{name}"](ctypes.c_long(result.size), *pointers)
    return result[: arguments[0].size]


def points(real: str) -> Array:
    """Every kind of finite number: dense where functions bend, every power of two, subnormal ones, any bits at all."""
    kind = TYPES[real]
    generator = np.random.default_rng(7)
    info = np.finfo(kind)
    dense = np.concatenate([np.linspace(-limit, limit, 40_001) for limit in (1.0, 10.0, 100.0, 760.0)])
    powers = np.ldexp(generator.uniform(1, 2, 5000), generator.integers(info.minexp - 20, info.maxexp, 5000))
    tiny = np.arange(200) * float(info.smallest_subnormal)
    bits = generator.integers(0, 2 ** (8 * info.dtype.itemsize), 50_000, dtype=np.uint64)
    anything: Array = bits.astype(f"u{info.dtype.itemsize}").view(kind)
    found: Array = np.concatenate([dense, powers, -powers, tiny, -tiny, [0.0, -0.0]]).astype(kind)
    return np.concatenate([found, anything[np.isfinite(anything)]])


def units_off(found: Array, true: Array, kind: type) -> Array:
    """Distance in units in the last place of the true value; below the normal numbers these stay as they are."""
    info = np.finfo(kind)
    with np.errstate(all="ignore"):
        unit = np.exp2(np.maximum(np.floor(np.log2(np.abs(true))), info.minexp) - info.nmant)
        off = np.abs(found.astype(true.dtype) - true) / unit
    return np.asarray(np.where(np.isnan(off), np.inf, off))


def worst(name: str, real: str, form: Form) -> float:
    """The largest error over all points at which the true value is a finite number of the type."""
    a = points(real)
    if name == "log":
        a = np.abs(a)[a != 0]
    if name == "log1p":
        a = a[a > -1]
    if name == "sigmoid":  # below, exp(-a) is infinite
        a = a[a > LOWEST[real]]
    if name in ("sin", "cos"):
        a = a[np.abs(a) < 1e5]  # the wider sine is not exact for larger ones either
    with np.errstate(all="ignore"):
        true = TRUTH[name](a.astype(WIDER[real]))
    info = np.finfo(TYPES[real])
    held = np.abs(true) < float(info.max)
    return float(units_off(call(name, real, form, a)[held], true[held], TYPES[real]).max())


LOWEST = {"float": -88.7, "double": -709.7}
"""Below, sigmoid is 0, as it is in torch."""


@each_form
@each_real
@pytest.mark.parametrize("name", TRUTH)
def test_functions_are_exact_but_for_the_last_digit(name: str, real: str, form: Form) -> None:
    assert worst(name, real, form) <= BOUNDS[name][real == "double"]


@each_form
@each_real
def test_functions_at_the_ends_of_the_numbers(real: str, form: Form) -> None:
    a = np.array([-np.inf, np.inf, np.nan, 0.0, -0.0, 1e30, -1e30])
    assert np.array_equal(call("exp", real, form, a), [0, np.inf, np.nan, 1, 1, np.inf, 0], equal_nan=True)
    assert np.array_equal(call("tanh", real, form, a), [-1, 1, np.nan, 0, 0, 1, -1], equal_nan=True)
    assert np.array_equal(call("sigmoid", real, form, a), [0, 1, np.nan, 0.5, 0.5, 1, 0], equal_nan=True)
    assert np.array_equal(
        call("log", real, form, np.array([0.0, np.inf, np.nan, 1.0])), [-np.inf, np.inf, np.nan, 0], True
    )
    assert np.isnan(call("log", real, form, np.array([-1.0, -np.inf]))).all()
    assert np.isnan(call("sin", real, form, np.array([np.inf, -np.inf, np.nan]))).all()


@each_form
@each_real
def test_exp_is_right_where_it_becomes_infinite_and_where_it_vanishes(real: str, form: Form) -> None:
    info = np.finfo(TYPES[real])
    top = np.log(WIDER[real](info.max))
    bottom = np.log(WIDER[real](info.smallest_subnormal)) - math.log(2)
    a = np.array(
        [float(top) * (1 + sign * 1e-6) for sign in (-1, 1)] + [float(bottom) * (1 + s * 1e-3) for s in (1, -1)]
    )
    below, above, vanished, smallest = call("exp", real, form, a)
    assert 0.9 * info.max < below < np.inf
    assert above == np.inf
    assert vanished == 0
    assert smallest > 0


@each_form
@each_real
def test_sigmoid_of_very_negative_numbers_is_zero(real: str, form: Form) -> None:
    a = np.concatenate([np.linspace(-1000, LOWEST[real] - 0.1, 1001), [-1e30, -np.inf]])
    assert not call("sigmoid", real, form, a).any()


@each_form
@each_real
def test_tanh_and_sigmoid_never_leave_their_range_and_never_fall(real: str, form: Form) -> None:
    a = np.sort(points(real))
    for name, low in (("tanh", -1), ("sigmoid", 0)):
        y = call(name, real, form, a).astype(np.float64)
        assert y.min() >= low
        assert y.max() <= 1
        slack = 4 * float(np.finfo(TYPES[real]).eps) * np.maximum(np.abs(y[1:]), float(np.finfo(TYPES[real]).tiny))
        assert (np.diff(y) >= -slack).all()


@each_form
@each_real
@pytest.mark.parametrize("name", PAIRS)
def test_max_min_and_gt_are_those_of_the_table_with_ties_and_nan(name: str, real: str, form: Form) -> None:
    some = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 3e38]
    a, b = (grid.ravel() for grid in np.meshgrid(some, some, indexing="ij"))
    a, b = a.astype(TYPES[real]), b.astype(TYPES[real])
    found = call(name, real, form, a, b)
    expected = np.array([PRIMITIVES[name].value(one, two) for one, two in zip(a.tolist(), b.tolist(), strict=True)])
    assert np.array_equal(found, expected.astype(TYPES[real]), equal_nan=True)
    assert np.array_equal(np.signbit(found), np.signbit(expected)), "which of two zeros is handed out"
