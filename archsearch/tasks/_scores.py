"""Scores of outputs. One with a NaN or an infinity is a wrong class, and as a number spoils the score of its batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.tasks import Batch


def accuracy(outputs: NDArray[np.float32], targets: NDArray[Any]) -> float:
    """Share of the rows of `outputs` [rows, classes] whose largest logit is that of `targets` [rows]."""
    _check_rows(outputs, targets)
    finite = np.isfinite(outputs).all(axis=1)
    return float(np.mean(finite & (outputs.argmax(axis=1) == targets)))


def masked_accuracy(outputs: NDArray[np.float32], batch: Batch) -> float:
    """`accuracy` over all masked steps of a batch."""
    return accuracy(outputs, batch.targets[batch.mask])


def unit_errors(outputs: NDArray[np.float32], targets: NDArray[Any]) -> NDArray[np.float64]:
    """|softmax(outputs) - one-hot target| of every output unit [rows, classes]; 1 in rows that are not finite."""
    _check_rows(outputs, targets)
    finite = np.isfinite(outputs).all(axis=1, keepdims=True)
    logits = np.where(finite, outputs, 0).astype(np.float64)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    errors = powers / powers.sum(axis=1, keepdims=True)
    errors[np.arange(len(targets)), targets] -= 1
    return np.where(finite, np.abs(errors), 1.0)


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


def _check_rows(outputs: NDArray[np.float32], targets: NDArray[Any]) -> None:
    if outputs.ndim != 2 or len(outputs) != len(targets):
        raise ValueError(f"{len(targets)} targets need outputs [{len(targets)}, classes], not {list(outputs.shape)}")
