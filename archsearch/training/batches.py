"""Training batches, several drawn at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archsearch.tasks import Batch

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


def pool_of(batches: Sequence[Batch]) -> Pool:
    """Batches of one size as a pool."""
    lengths = [len(batch.mask) for batch in batches]
    longest = max(lengths)

    def together(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        padding = [(0, 0)] * (arrays[0].ndim - 1)
        padded = [np.pad(array, [(0, longest - len(array)), *padding]) for array in arrays]
        return np.concatenate(padded, axis=1)

    whole = Batch(
        together([batch.inputs for batch in batches]),
        together([batch.targets for batch in batches]),
        together([batch.mask for batch in batches]),
    )
    return Pool(whole, batches[0].mask.shape[1], lengths)
