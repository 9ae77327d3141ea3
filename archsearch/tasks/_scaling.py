"""From the numbers of a user's file to 32 bits: standardised on request, and never so that they lose their meaning."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.errors import InvalidInput, Problem, quoted

_COMPARED = 100_000  # values of a feature, evenly taken, whose differences are looked at
_KEPT = 0.99  # share of different whole numbers that 32 bits must tell apart
_ROUNDING = 1e-4  # largest error of rounding, in standard deviations, of other numbers
_FAR = 10  # from 0, and in standard deviations, that the mean of targets may lie
_SPREADS = (0.01, 100)  # standard deviations of targets


@dataclasses.dataclass(frozen=True)
class Scaling:
    """(value - mean) / spread, feature by feature: float64 [features]. A constant feature has the spread 1."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def scaling_of(values: NDArray[Any], counted: NDArray[np.bool_]) -> Scaling:
    """Mean and standard deviation of each feature of `values` [..., features], where `counted` [...] is true."""
    figures = [(column.mean(dtype=np.float64), column.std(dtype=np.float64)) for column in _columns(values, counted)]
    mean, spread = np.array(figures).T
    return Scaling(mean, np.where(spread > 0, spread, 1.0))


def in_32_bits(values: NDArray[Any], scaling: Scaling | None) -> NDArray[np.float32]:
    """Values [..., features], standardised where there is a scaling; those beyond 32 bits become infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values if scaling is None else (values - scaling.mean) / scaling.spread
        return scaled.astype(np.float32)


def check_told_apart(name: str, part: str, values: NDArray[Any], counted: NDArray[np.bool_]) -> None:
    """Raise `InvalidInput` where 32 bits merge different values of a feature, as they do for times in seconds.

    `name` is that of the array, `part` what `standardise` calls it.
    """
    for index, column in enumerate(_columns(values, counted)):
        different = np.unique(column[:: -(-len(column) // _COMPARED)])
        narrow = in_32_bits(different, None)
        kept = len(np.unique(narrow))
        if kept < _KEPT * len(different) if _whole(different) else _rounded(different, narrow):
            what = f"has {len(different)} different values in feature {index}, of which 32 bits tell {kept} apart"
            raise invalid_array(name, what, f"subtract a constant and scale it in the file, or standardise: [{part}]")


def check_targets_near_0(name: str, values: NDArray[Any], counted: NDArray[np.bool_]) -> None:
    """Raise `InvalidInput` for targets so far from 0, or of such a spread, that training does not reach them."""
    for index, column in enumerate(_columns(values, counted)):
        mean, spread = float(column.mean(dtype=np.float64)), float(column.std(dtype=np.float64))
        if spread > 0 and (abs(mean) > _FAR * max(spread, 1.0) or not _SPREADS[0] <= spread <= _SPREADS[1]):
            what = f"has the mean {mean:.3g} and the standard deviation {spread:.3g} in output {index}"
            allowed = (
                "standardise: [targets], which leaves scores as they are in the user's units, since they are shares of "
                "the variance; a model starts near 0 and would hardly leave it. To train on them all the same: "
                "standardise: []"
            )
            raise invalid_array(name, what, allowed)


def _columns(values: NDArray[Any], counted: NDArray[np.bool_]) -> Iterator[NDArray[Any]]:
    """The counted values of one feature after the other; one at a time, to save memory."""
    return (values[..., index][counted] for index in range(values.shape[-1]))


def _whole(values: NDArray[Any]) -> bool:
    return values.dtype.kind != "f" or bool((values == np.rint(values)).all())


def _rounded(values: NDArray[Any], narrow: NDArray[np.float32]) -> bool:
    """Whether rounding changes a value by much, against the spread of all."""
    errors = np.abs(values - narrow.astype(values.dtype))
    return bool(errors.max() > _ROUNDING * values.std(dtype=np.float64)) and len(values) > 1


def invalid_array(name: str, what: str, allowed: str) -> InvalidInput:
    """The error that array `name` of the file is wrong."""
    return InvalidInput(Problem(("path",), f"array {quoted(name)} {what}", allowed))
