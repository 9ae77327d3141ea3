"""Scores of tasks that predict numbers. An output with a NaN or an infinity spoils the score of its batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archsearch.tasks import Batch


def absolute_errors(outputs: NDArray[np.float32], batch: Batch) -> NDArray[np.float64]:
    """|output - target| at all masked steps [rows, outputs]; infinite where the output is not finite."""
    targets = batch.targets[batch.mask]
    if outputs.shape != targets.shape:
        raise ValueError(f"outputs must be {list(targets.shape)}, not {list(outputs.shape)}")
    finite = np.isfinite(outputs)
    errors = np.abs(np.where(finite, outputs, 0).astype(np.float64) - targets)
    return np.where(finite, errors, np.inf)


def explained(outputs: NDArray[np.float32], batch: Batch, trivial: float) -> float:
    """max(0, 1 - mse / trivial), where `trivial` is the mean squared error of the best constant."""
    squared = absolute_errors(outputs, batch) ** 2
    return max(0.0, 1.0 - float(np.mean(squared)) / trivial)
