"""Tasks that write down how they are used; the scores of one are given beforehand."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task


@dataclasses.dataclass(frozen=True)
class Draw:
    """One call of `draw`: which sequences, and the key to their numbers."""

    split: Split
    items: range
    key: int
    batch: Batch


class Averages(Task):
    """Two steps of random numbers, whose mean is to be told; the score is 1 / (1 + mse), which is never 0 or 1."""

    loss: ClassVar[Loss] = "squared_error"
    readout: ClassVar[Readout] = "last"
    input_size: ClassVar[int] = 1
    output_size: ClassVar[int] = 1
    longest: ClassVar[int] = 2
    baseline: ClassVar[float] = 0.0

    scale: float = 1.0
    """Of inputs and targets."""

    _draws: list[Draw] = PrivateAttr(default_factory=list)
    _scored: list[tuple[NDArray[np.float32], Batch]] = PrivateAttr(default_factory=list)

    @property
    def draws(self) -> list[Draw]:
        """Every batch drawn so far."""
        return self._draws

    @property
    def scored(self) -> list[Batch]:
        """Every batch scored so far."""
        return [batch for _, batch in self._scored]

    @property
    def outputs(self) -> list[NDArray[np.float32]]:
        """The outputs for each batch scored so far."""
        return [outputs for outputs, _ in self._scored]

    def draw(self, draws: Draws, split: Split) -> Batch:
        """Normal numbers."""
        inputs = np.float32(self.scale) * draws.normal(2)[..., np.newaxis]
        mask = np.zeros((2, draws.count), dtype=np.bool_)
        mask[-1] = True
        targets = np.zeros_like(inputs)
        targets[-1] = inputs.mean(axis=0)
        batch = Batch(inputs, targets, mask)
        self._draws.append(Draw(split, draws.items, draws.key, batch))
        return batch

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """1 / (1 + mse)."""
        self._scored.append((outputs, batch))
        return 1 / (1 + float(((outputs - batch.targets[batch.mask]) ** 2).mean()))

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """Never."""
        return False


class Scripted(Averages):
    """The k-th time that outputs are scored their score is `scores[k]`."""

    scores: list[float]
    solved_from: int | None = None
    """The scoring, counted from 0, from which on the task is solved."""

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """The next of the scores."""
        self._scored.append((outputs, batch))
        assert len(self._scored) <= len(self.scores), "outputs are scored more often than expected"
        return self.scores[len(self._scored) - 1]

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """From `solved_from` on."""
        return self.solved_from is not None and len(self._scored) > self.solved_from
