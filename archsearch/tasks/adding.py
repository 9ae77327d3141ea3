"""The adding problem: add the two marked numbers of a long sequence.

Two variants, both with pairs (value, marker) as inputs and one number as the target, read at the last step.

`hochreiter`: Hochreiter & Schmidhuber 1997, experiment 4. Values from U[-1, 1); the length is uniform in
T..T+T/10. One of the first ten pairs is marked (X1), then one of the first T/2-1 pairs that are still unmarked (X2).
The first and the last pair carry the marker -1 instead; where the first pair was picked, its value is zero. The target
is 0.5 + (X1 + X2) / 4.

    value    .3  -.7   .2   .9   ...  -.4   .1   ...   .6
    marker   -1    0    1    0   ...    1    0   ...   -1
    target                                             .5 + (.2 - .4) / 4 = .45

Solved, in the paper's words: every sequence's absolute error is below .04 and the average error below .01. The paper
looks at the 2,000 most recent training sequences, here it is the batch that is scored. Its average error is read as
the mean absolute error: as a mean square it would be no condition beside the first one.

`arjovsky`: Arjovsky, Shah & Bengio 2016. Values from U[0, 1); the length is T; one marker (1) in the first half and one
in the second, all others 0; the target is the sum. The paper compares curves and names no criterion. Solved here: the
mean squared error is below 1 % of that of the constant 1, which is 1/6 (a root mean square of .041, near the .04 of
1997).

Score: max(0, 1 - mse / trivial), where trivial is the mean squared error of the best constant (.5 or 1), which is the
variance of the target. Baseline: that constant, so 0.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import ended, read_at_end
from archsearch.tasks._scores import absolute_errors, explained


class Adding(Task):
    """Options of the adding problem; see the module."""

    loss: ClassVar[Loss] = "squared_error"
    readout: ClassVar[Readout] = "last"
    input_size: ClassVar[int] = 2
    """Value and marker."""
    output_size: ClassVar[int] = 1
    """The sum."""
    baseline: ClassVar[float] = 0.0
    """The best constant explains nothing."""

    variant: Literal["hochreiter", "arjovsky"] = "hochreiter"
    length: Annotated[int, Field(ge=12, le=10_000)] = 100
    """T: the shortest length (hochreiter) or every length (arjovsky)."""

    @property
    def longest(self) -> int:
        """T + T/10, or T."""
        return self.length + self.length // 10 if self.variant == "hochreiter" else self.length

    @property
    def trivial(self) -> float:
        """Mean squared error of the best constant."""
        if self.variant == "arjovsky":
            return 2 / 12
        first_pair_marked = 1 / 10 + (9 / 10) / (self.length // 2 - 1)
        return (2 - first_pair_marked) * (1 / 3) / 4**2

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; all splits are alike."""
        return self._hochreiter(draws) if self.variant == "hochreiter" else self._arjovsky(draws)

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """1 - mse / trivial, at least 0."""
        return explained(outputs, batch, self.trivial)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """Every |error| < .04 and their mean < .01 (hochreiter); mse < 1 % of the trivial one (arjovsky)."""
        if self.variant == "arjovsky":
            return self.score(outputs, batch) > 0.99
        errors = absolute_errors(outputs, batch)
        return bool(errors.max() < 0.04 and errors.mean() < 0.01)

    def _hochreiter(self, draws: Draws) -> Batch:
        columns = np.arange(draws.count)
        lengths = draws.integers(self.length, self.longest + 1)
        first = draws.integers(0, 10)
        second = draws.integers(0, self.length // 2 - 1)
        second += second >= first  # the k-th pair that is still unmarked
        after = ended(lengths)
        inputs = np.zeros((*after.shape, 2), dtype=np.float32)
        values, markers = inputs[..., 0], inputs[..., 1]
        values[:] = np.where(after, 0, 2 * draws.uniform(len(after)) - 1)
        values[0, (first == 0) | (second == 0)] = 0
        markers[first, columns] = 1
        markers[second, columns] = 1
        markers[0] = -1
        markers[lengths - 1, columns] = -1
        total = values[first, columns] + values[second, columns]
        return read_at_end(inputs, lengths, (0.5 + total[:, np.newaxis] / 4).astype(np.float32))

    def _arjovsky(self, draws: Draws) -> Batch:
        columns = np.arange(draws.count)
        half = self.length // 2
        inputs = np.zeros((self.length, draws.count, 2), dtype=np.float32)
        values, markers = inputs[..., 0], inputs[..., 1]
        values[:] = draws.uniform(self.length)
        first = draws.integers(0, half)
        second = draws.integers(half, self.length)
        markers[first, columns] = 1
        markers[second, columns] = 1
        total = values[first, columns] + values[second, columns]
        return read_at_end(inputs, np.full(draws.count, self.length), total[:, np.newaxis])


TASK = Adding
