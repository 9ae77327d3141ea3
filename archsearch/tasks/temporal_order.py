"""Temporal order: which of X and Y came at the two (or three) marked places, and in which order?

Hochreiter & Schmidhuber 1997, experiments 6a (2 markers) and 6b (3 markers), where L = 100. A sequence starts with E,
ends with the trigger symbol B and otherwise holds random symbols of {a, b, c, d}, except that at the steps t1, t2 (t3)
X or Y stands. The length is uniform in L..L+L/10, the steps are uniform in

    2 markers   t1 in 10..20 % of L, t2 in 50..60 %
    3 markers   t1 in 10..20 % of L, t2 in 33..43 %, t3 in 66..76 %

both ends included and rounded down; E stands at step 0. The class is read at B. With X = 0 and Y = 1 the markers spell
it as a binary number, the first one counting most: the paper's Q, R, S, U (V, A, B, C).

    E b a d X c a b ... c Y d ... a B
            t1            t2        X, Y -> class 1 (R)

Score: the share of sequences classified correctly. Baseline: 1/4 or 1/8, the classes are equally frequent.

Solved, in the paper's words: every sequence is classified correctly, which means that the absolute error of every
output unit is below .3, and the average error is below .1. The paper looks at the 2,000 most recent training sequences,
here it is the batch that is scored. Its output units are logistic, here the outputs of the softmax take their place.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import PAD, ended, one_hot, read_at_end
from archsearch.tasks._scores import masked_accuracy, unit_errors

SYMBOLS = "abcdXYEB"
_X, _START, _TRIGGER = SYMBOLS.index("X"), SYMBOLS.index("E"), SYMBOLS.index("B")

_PLACES = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}
"""Where the markers stand, in per cent of the length."""


class TemporalOrder(Task):
    """Options of the temporal order task; see the module."""

    loss: ClassVar[Loss] = "cross_entropy"
    readout: ClassVar[Readout] = "last"
    input_size: ClassVar[int] = len(SYMBOLS)
    """One feature per symbol, in the order of `SYMBOLS`."""

    length: Annotated[int, Field(ge=10, le=10_000)] = 100
    """L: the shortest length."""
    markers: Literal[2, 3] = 2

    @property
    def output_size(self) -> int:
        """One class per word over {X, Y}."""
        return 1 << self.markers

    @property
    def longest(self) -> int:
        """L + L/10."""
        return self.length + self.length // 10

    @property
    def baseline(self) -> float:
        """One of equally frequent classes."""
        return 1 / self.output_size

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; all splits are alike."""
        columns = np.arange(draws.count)
        lengths = draws.integers(self.length, self.longest + 1)
        after = ended(lengths)
        symbols = draws.integers(0, 4, len(after))
        labels = np.zeros(draws.count, dtype=np.int64)
        for low, high in _PLACES[self.markers]:
            steps = draws.integers(self.length * low // 100, self.length * high // 100 + 1)
            is_y = draws.integers(0, 2)
            symbols[steps, columns] = _X + is_y
            labels = 2 * labels + is_y
        symbols[0] = _START
        symbols[lengths - 1, columns] = _TRIGGER
        np.copyto(symbols, PAD, where=after)
        return read_at_end(one_hot(symbols, len(SYMBOLS)), lengths, labels)

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Share of sequences classified correctly."""
        return masked_accuracy(outputs, batch)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """No output unit's error reaches .3, and their mean is below .1."""
        errors = unit_errors(outputs, batch.targets[batch.mask])
        return bool(errors.max() < 0.3 and errors.mean() < 0.1)


TASK = TemporalOrder
