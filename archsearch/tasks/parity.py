"""Parity: is the number of ones odd?

One of the regular languages of Delétang et al. 2023 ("Neural Networks and the Chomsky Hierarchy"), which is about
lengths never seen: training and validation sequences have 1..`train_length` bits, test sequences
`train_length`+1..`test_length`. Lengths are uniform, drawn for each sequence; bits are fair. Each bit is one-hot; the
answer is read at the last bit. With sequences of 4 and 2 bits in one batch:

    bits     0 1 1 1          1 0 . .      (. is padding: a zero vector)
    target         1 (odd)      1

Score: the share of correct answers; on the test split this is the paper's mean accuracy over unseen lengths, as lengths
are uniform. Baseline: 1/2. Solved: 90 % are correct, the paper's bound for having generalised. On the validation split
the same bound only says that the lengths of the training were learned: generalisation is what the test score shows.

A test sequence is up to `test_length` steps long: outputs for many of them should be computed in pieces.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import PAD, ended, one_hot, read_at_end
from archsearch.tasks._scores import masked_accuracy


class Parity(Task):
    """Options of the parity task; see the module."""

    loss: ClassVar[Loss] = "cross_entropy"
    readout: ClassVar[Readout] = "last"
    input_size: ClassVar[int] = 2
    """Zero, one."""
    output_size: ClassVar[int] = 2
    """Even, odd."""
    baseline: ClassVar[float] = 0.5
    """At every length both answers are equally frequent."""

    train_length: Annotated[int, Field(ge=1, le=2_000)] = 40
    """Longest sequence of the training and validation splits."""
    test_length: Annotated[int, Field(ge=2, le=5_000)] = 500
    """Longest sequence of the test split."""

    @model_validator(mode="after")
    def _has_unseen_lengths(self) -> Self:
        if self.test_length <= self.train_length:
            raise ValueError(f"test_length {self.test_length} must be above train_length {self.train_length}")
        return self

    @property
    def longest(self) -> int:
        """That of the test split."""
        return self.test_length

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; only the test split holds the unseen lengths."""
        seen = (1, self.train_length)
        unseen = (self.train_length + 1, self.test_length)
        low, high = unseen if split == "test" else seen
        lengths = draws.integers(low, high + 1)
        after = ended(lengths)
        bits = draws.integers(0, 2, len(after))
        np.copyto(bits, 0, where=after)
        labels = bits.sum(axis=0) % 2
        np.copyto(bits, PAD, where=after)
        return read_at_end(one_hot(bits, 2), lengths, labels)

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Share of correct answers."""
        return masked_accuracy(outputs, batch)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """At least 90 % correct."""
        return self.score(outputs, batch) >= 0.9


TASK = Parity
