"""Training batches, several drawn at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from archsearch.draws import Words, philox
from archsearch.tasks import Batch, Task

MOST_VALUES = 2**20
"""Input values that are drawn ahead, 4 MiB."""


@dataclasses.dataclass(frozen=True)
class Pool:
    """Several batches of `size` sequences beside each other, padded to the longest; `lengths` are their own."""

    batch: Batch
    size: int
    lengths: Sequence[int]

    def __iter__(self) -> Iterator[Batch]:
        """The batches, each by itself."""
        whole = self.batch
        for index, length in enumerate(self.lengths):
            own = (slice(length), slice(index * self.size, (index + 1) * self.size))
            yield Batch(np.ascontiguousarray(whole.inputs[own]), whole.targets[own], whole.mask[own])


def draw_pool(task: Task, seed: int, size: int, numbers: range, words: Words = philox) -> Pool:
    """The training batches of these numbers: batch s is the sequences s·size to (s + 1)·size - 1."""
    whole = task.batch(seed, "training", len(numbers) * size, numbers.start * size, words)
    steps = np.arange(1, len(whole.mask) + 1, dtype=np.int32)[:, np.newaxis]
    lengths: list[int] = (whole.mask * steps).max(axis=0).reshape(-1, size).max(axis=1).tolist()
    return Pool(whole, size, lengths)


def pool_count(task: Task, size: int) -> int:
    """How many batches of `size` sequences are drawn at once."""
    return max(1, MOST_VALUES // (size * task.longest * task.input_size))
