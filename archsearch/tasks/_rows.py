"""The checked rows of one split of the user's own data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.errors import quoted
from archsearch.tasks import Batch
from archsearch.tasks._batches import read_at_end
from archsearch.tasks._scaling import Scaling, in_32_bits, invalid_array

MOST_CLASSES = 65_536


@dataclasses.dataclass(frozen=True)
class Rows:
    """Sequences and what is to be learned from them; padding and unmasked targets are zero.

    inputs: numbers [count, time, features], float32 once they are narrowed.
    targets: int64 [count] or [count, time] (classes), floats [count, outputs] or [count, time, outputs] (numbers).
    mask: bool [count, time], true at the steps that are read; with one target per sequence, at its last step.
    lengths: int64 [count], up to the last step that is read: later ones cannot matter.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]

    @property
    def classify(self) -> bool:
        """Whether targets are classes."""
        return self.targets.dtype.kind == "i"

    @property
    def per_step(self) -> bool:
        """Whether there is a target for each step, rather than one per sequence."""
        return self.targets.ndim == (2 if self.classify else 3)

    @property
    def read_targets(self) -> NDArray[Any]:
        """The targets that are read, one row each: [rows] (classes) or [rows, outputs] (numbers)."""
        return self.targets[self.mask] if self.per_step else self.targets

    @property
    def inside(self) -> NDArray[np.bool_]:
        """True [count, time] up to the end of each sequence."""
        inside: NDArray[np.bool_] = np.arange(self.inputs.shape[1]) < self.lengths[:, np.newaxis]
        return inside

    @property
    def read(self) -> NDArray[np.bool_]:
        """True where a target is read: [count, time] or [count]."""
        return self.mask if self.per_step else np.ones(len(self.targets), dtype=np.bool_)

    def narrowed(self, inputs: Scaling | None, targets: Scaling | None) -> Rows:
        """All numbers in 32 bits, standardised where there is a scaling; padding stays zero."""
        rows = dataclasses.replace(self, inputs=in_32_bits(self.inputs, inputs))
        rows.inputs[~self.inside] = 0
        if not self.classify:
            rows = dataclasses.replace(rows, targets=in_32_bits(self.targets, targets))
            rows.targets[~self.read] = 0
        return rows

    def batch(self) -> Batch:
        """All rows as one batch, once they are narrowed."""
        inputs = np.ascontiguousarray(self.inputs.swapaxes(0, 1))
        if not self.per_step:
            return read_at_end(inputs, self.lengths, self.targets)
        targets: NDArray[Any] = np.ascontiguousarray(self.targets.swapaxes(0, 1))
        return Batch(inputs, targets, np.ascontiguousarray(self.mask.T))

    def take(self, indices: NDArray[np.int64]) -> Rows:
        """Some of the rows, cut to the longest of them."""
        lengths = self.lengths[indices]
        time = int(lengths.max())
        targets = self.targets[indices, :time] if self.per_step else self.targets[indices]
        return Rows(self.inputs[indices, :time], targets, self.mask[indices, :time], lengths)


def check_rows(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Rows:
    """The rows made of the arrays `<prefix>inputs`, `<prefix>targets` and, if present, `_mask` and `_lengths`.

    Raises `InvalidInput` where an array is missing, has a wrong type or shape, or holds what is not a number.
    """
    inputs = _checked_inputs(_required(arrays, f"{prefix}inputs"), f"{prefix}inputs")
    count, time = inputs.shape[:2]
    targets = _checked_targets(_required(arrays, f"{prefix}targets"), f"{prefix}targets", count, time)
    lengths = _checked_lengths(arrays.get(f"{prefix}lengths"), f"{prefix}lengths", count, time)
    inside = np.arange(time) < lengths[:, np.newaxis]
    rows = Rows(inputs, targets, np.arange(time) == lengths[:, np.newaxis] - 1, lengths)
    mask = arrays.get(f"{prefix}mask")
    if rows.per_step:
        mask = inside if mask is None else _checked_mask(mask, f"{prefix}mask", inside)
        lengths = time - np.argmax(mask[:, ::-1], axis=1)
        rows = dataclasses.replace(rows, mask=mask, lengths=lengths)
        targets[~mask] = 0
    elif mask is not None:
        raise invalid_array(f"{prefix}mask", "is given, but there is one target per sequence", "a target per step")
    inputs[~rows.inside] = 0
    check_values(rows, prefix)
    return rows


def _required(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if name not in arrays:
        raise invalid_array(name, "is missing", f"found: {', '.join(arrays) or '(nothing)'}")
    return arrays[name]


def _checked_inputs(inputs: NDArray[Any], name: str) -> NDArray[Any]:
    if inputs.dtype.kind not in "fiub":
        raise invalid_array(name, f"has the type {quoted(inputs.dtype)}", "numbers")
    if inputs.ndim != 3 or 0 in inputs.shape:
        raise invalid_array(name, f"has the shape {list(inputs.shape)}", "[count, time, features], all at least 1")
    return inputs


def _checked_targets(targets: NDArray[Any], name: str, count: int, time: int) -> NDArray[Any]:
    if targets.dtype.kind not in "fiub":
        raise invalid_array(name, f"has the type {quoted(targets.dtype)}", "integers (classes) or floats (numbers)")
    if targets.dtype.kind == "f":
        fits = targets.shape[:-1] in ((count,), (count, time)) and targets.shape[-1] > 0
        fits &= targets.shape != (count, time)  # which reads as one number per step, too
        allowed = f"floats [{count}, outputs] (other than {time} outputs) or [{count}, {time}, outputs]"
    else:
        fits = targets.shape in ((count,), (count, time))
        allowed = f"integers [{count}] or [{count}, {time}]"
    if not fits:
        raise invalid_array(name, f"has the shape {list(targets.shape)}", allowed)
    with np.errstate(invalid="ignore"):
        return targets if targets.dtype.kind == "f" else targets.astype(np.int64)


def _checked_lengths(lengths: NDArray[Any] | None, name: str, count: int, time: int) -> NDArray[np.int64]:
    if lengths is None:
        return np.full(count, time, dtype=np.int64)
    if lengths.dtype.kind not in "iu" or lengths.shape != (count,):
        raise invalid_array(name, f"is {lengths.dtype} {list(lengths.shape)}", f"integers [{count}]")
    if lengths.min() < 1 or lengths.max() > time:
        raise invalid_array(name, f"goes from {lengths.min()} to {lengths.max()}", f"1 to {time}")
    return lengths.astype(np.int64)


def _checked_mask(mask: NDArray[Any], name: str, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if mask.dtype != np.bool_ or mask.shape != inside.shape:
        raise invalid_array(name, f"is {mask.dtype} {list(mask.shape)}", f"bool {list(inside.shape)}")
    if not mask.any(axis=1).all():
        raise invalid_array(name, f"is false throughout row {int(mask.any(axis=1).argmin())}", "a true step in each")
    if (mask & ~inside).any():
        raise invalid_array(name, "is true after the end of a sequence", "true within the given lengths alone")
    return mask


def check_values(rows: Rows, prefix: str) -> None:
    """Raise `InvalidInput` for numbers that are not finite and for classes out of range."""
    finite = "finite numbers of 32 bits within the sequences"
    if not np.isfinite(rows.inputs).all():
        raise invalid_array(f"{prefix}inputs", "holds NaN or infinity", finite)
    targets = rows.read_targets
    if rows.classify:
        if targets.min() < 0 or targets.max() >= MOST_CLASSES:
            span = f"goes from {targets.min()} to {targets.max()}"
            raise invalid_array(f"{prefix}targets", span, f"classes from 0 to {MOST_CLASSES - 1}")
    elif not np.isfinite(targets).all():
        raise invalid_array(f"{prefix}targets", "holds NaN or infinity", finite)
