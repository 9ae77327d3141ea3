"""How batches are put together: one-hot symbols, padding, and reading at the last step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archsearch.tasks import Batch

PAD = -1
"""Stands where a sequence has ended; its one-hot vector is zero."""


def one_hot(symbols: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Symbols 0..size-1 or `PAD`, of any shape, as vectors [..., size]."""
    rows = np.zeros((size + 1, size), dtype=np.float32)
    rows[:size] = np.eye(size, dtype=np.float32)
    return np.take(rows, symbols, axis=0, mode="wrap")  # PAD is -1 and so picks the last row, which is zero


def ended(lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True at the steps [time, batch] that lie after the end of their sequence; time is the longest length."""
    steps = np.arange(int(lengths.max()))
    after: NDArray[np.bool_] = steps[:, np.newaxis] >= lengths
    return after


def read_at_end(
    inputs: NDArray[np.float32],
    lengths: NDArray[np.int64],
    targets: NDArray[np.int64] | NDArray[np.float32],
) -> Batch:
    """A batch with one target per sequence, read at its last step.

    inputs [time, batch, features]; lengths [batch]; targets [batch] (classes) or [batch, outputs] (numbers).
    """
    time, count = inputs.shape[:2]
    place = (lengths - 1, np.arange(count))
    mask = np.zeros((time, count), dtype=np.bool_)
    mask[place] = True
    spread = np.zeros((time, *targets.shape), dtype=targets.dtype)
    spread[place] = targets
    return Batch(inputs, spread, mask)
