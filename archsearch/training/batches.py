"""Training batches, several drawn at once."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence

import numpy as np

from archsearch.draws import Words, philox
from archsearch.tasks import Batch, Task

MOST_BYTES = 2**23
"""What a pool and the arrays of its making may take, enough for the fixed part of a call to weigh little."""

_BYTES_OF_A_STEP = 32
"""Besides its inputs: random words, symbols, targets, mask."""


@dataclasses.dataclass(frozen=True)
class Pool:
    """Several batches of `size` sequences beside each other, padded to the longest; `lengths` are their own."""

    batch: Batch
    size: int
    lengths: Sequence[int]

    def part(self, first: int, stop: int) -> Pool:
        """Batches `first` to `stop` - 1, or to the last."""
        lengths = self.lengths[first:stop]
        own = (slice(max(lengths)), slice(first * self.size, stop * self.size))
        batch = Batch(self.batch.inputs[own], self.batch.targets[own], self.batch.mask[own])
        return Pool(batch, self.size, lengths)

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
    return max(1, MOST_BYTES // (size * task.longest * (4 * task.input_size + _BYTES_OF_A_STEP)))


class Supply:
    """The training batches of a seed in their order, many of them drawn ahead; `steps`: how many there are."""

    def __init__(self, task: Task, seed: int, size: int, steps: int, words: Words = philox) -> None:
        self._draw = functools.partial(draw_pool, task, seed, size, words=words)
        self._most, self._steps = pool_count(task, size), steps
        self._drawn = range(0)
        self._pool: Pool | None = None

    def take(self, first: int, stop: int) -> Pool:
        """The batches from number `first` on, before `stop`; fewer where no more are drawn yet."""
        if self._pool is None or first not in self._drawn:
            self._drawn = range(first, min(first + self._most, self._steps))
            self._pool = self._draw(self._drawn)
        return self._pool.part(first - self._drawn.start, stop - self._drawn.start)
