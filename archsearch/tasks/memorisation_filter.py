"""Memorisation filter: read five of 26 symbols, then write them down in the same order.

The first gate of the architecture search of Jozefowicz, Zaremba & Sutskever 2015, which dropped every candidate that
did not reach 95 %. Five symbols are read, drawn with replacement; then the signal `go` stands for five steps, at each
of which the next symbol is to be named.

    input    k a a z f go go go go go
    target   . . . . .  k  a  a  z  f      (. is not scored)

Score: the share of correct symbols. Baseline: 1/26. Solved: 95 %.

The paper does not say what stands at the input while the network writes, nor whether symbols or whole words are
counted; here it is the `go` signal, so that nothing helps the memory, and symbols.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import one_hot
from archsearch.tasks._scores import masked_accuracy

LETTERS = 26
WORD = 5
_GO = LETTERS


class MemorisationFilter(Task):
    """The filter has no options: it is one fixed test."""

    loss: ClassVar[Loss] = "cross_entropy"
    readout: ClassVar[Readout] = "every"
    input_size: ClassVar[int] = LETTERS + 1
    """The letters and `go`."""
    output_size: ClassVar[int] = LETTERS
    """The letters."""
    longest: ClassVar[int] = 2 * WORD
    """Reading and writing."""
    baseline: ClassVar[float] = 1 / LETTERS
    """Always the same letter."""

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; all splits are alike."""
        word = draws.integers(0, LETTERS, WORD)
        read = np.concatenate([word, np.full_like(word, _GO)])
        targets = np.concatenate([np.zeros_like(word), word])
        mask = np.zeros(read.shape, dtype=np.bool_)
        mask[WORD:] = True
        return Batch(one_hot(read, self.input_size), targets, mask)

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Share of correct letters."""
        return masked_accuracy(outputs, batch)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """At least 95 % correct."""
        return self.score(outputs, batch) >= 0.95


TASK = MemorisationFilter
