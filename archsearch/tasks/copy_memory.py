"""Copy memory: keep some symbols through a long silence, then repeat them.

The setting of Arjovsky, Shah & Bengio 2016, after Hochreiter & Schmidhuber 1997. The input is N random symbols of an
alphabet of K, then T-1 blanks, a delimiter, and N more blanks, T + 2N steps in all. The target is T+N blanks, then the
N symbols in their order; every step is trained. With N = 3, T = 6:

    input    c a b - - - - - : - - -
    target   - - - - - - - - - c a b

Input features: blank, K symbols, delimiter. Classes: blank, K symbols.

Score: the share of correct symbols among the N to be recalled; blanks do not count, as they would lift a model without
a memory to (T+N) / (T+2N). Baseline: 1/K. That model's cross-entropy, the baseline of the paper's curves, is
N ln K / (T + 2N) per step.

Solved: 99 % of the symbols to be recalled and 99 % of all steps are correct. The paper names no criterion.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import one_hot
from archsearch.tasks._scores import accuracy, masked_accuracy

BLANK = 0


class CopyMemory(Task):
    """Options of the copy task; see the module."""

    loss: ClassVar[Loss] = "cross_entropy"
    readout: ClassVar[Readout] = "every"

    length: Annotated[int, Field(ge=1, le=10_000)] = 100
    """T: steps from the last symbol read to the delimiter."""
    symbols: Annotated[int, Field(ge=1, le=100)] = 10
    """N: how many are to be remembered."""
    alphabet: Annotated[int, Field(ge=2, le=256)] = 8
    """K: how many symbols there are."""

    @property
    def input_size(self) -> int:
        """Blank, symbols, delimiter."""
        return self.alphabet + 2

    @property
    def output_size(self) -> int:
        """Blank, symbols."""
        return self.alphabet + 1

    @property
    def longest(self) -> int:
        """T + 2N."""
        return self.length + 2 * self.symbols

    @property
    def baseline(self) -> float:
        """Always the same symbol."""
        return 1 / self.alphabet

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; all splits are alike."""
        kept = draws.integers(1, self.alphabet + 1, self.symbols)
        read = np.full((self.longest, draws.count), BLANK, dtype=np.int64)
        read[: self.symbols] = kept
        read[self.symbols + self.length - 1] = self.alphabet + 1
        targets = np.full_like(read, BLANK)
        targets[-self.symbols :] = kept
        return Batch(one_hot(read, self.input_size), targets, np.ones(read.shape, dtype=np.bool_))

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Share of correct symbols among those to be recalled."""
        targets = batch.targets[batch.mask]
        recalled = targets != BLANK
        return accuracy(outputs[recalled], targets[recalled])

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """99 % of the symbols, and of all steps."""
        return self.score(outputs, batch) >= 0.99 and masked_accuracy(outputs, batch) >= 0.99


TASK = CopyMemory
