"""Long-dependency tasks: one file each. This module holds what they share.

A task is a frozen pydantic model whose fields are its options. It draws batches of numbers that depend on a seed alone,
says which loss trains it, scores outputs in [0, 1] (higher is better) and says when it counts as solved.
The file `<name>.py` offers its class as `TASK`. No task imports torch.
"""

from __future__ import annotations

import abc
import dataclasses
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from archsearch.draws import Draws, Words, draw_key, philox
from archsearch.schema.strict import Strict

Loss = Literal["cross_entropy", "squared_error"]
Readout = Literal["last", "every"]
Split = Literal["training", "validation", "test"]
SPLITS: tuple[Split, ...] = ("training", "validation", "test")


@dataclasses.dataclass(frozen=True)
class Batch:
    """Some sequences of one length; shorter ones are padded with zeros at their end.

    inputs: float32 [time, batch, features].
    targets: int64 [time, batch] class indices (cross-entropy), or float32 [time, batch, outputs] (squared error);
        zero where the mask is false.
    mask: bool [time, batch], true at the steps whose output counts; at least one per sequence.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.int64] | NDArray[np.float32]
    mask: NDArray[np.bool_]


class Task(Strict, abc.ABC):
    """The interface of every task; its fields are the options a study may set.

    What does not follow from the options is a constant (`loss: ClassVar[Loss] = ...`), the rest are properties:
    read them from a task, not from its class.
    """

    @property
    @abc.abstractmethod
    def loss(self) -> Loss:
        """What trains this task; it also settles what targets and outputs mean."""

    @property
    @abc.abstractmethod
    def readout(self) -> Readout:
        """last: one masked step per sequence, its last unpadded one; every: any number of masked steps."""

    @property
    @abc.abstractmethod
    def input_size(self) -> int:
        """Features per step."""

    @property
    @abc.abstractmethod
    def output_size(self) -> int:
        """Classes (cross-entropy) or predicted numbers (squared error)."""

    @property
    @abc.abstractmethod
    def longest(self) -> int:
        """The largest number of steps of any sequence of any split: bounds memory before anything is built."""

    @property
    @abc.abstractmethod
    def baseline(self) -> float:
        """The score of the best blind guess, one that does not look at the input."""

    files: ClassVar[tuple[str, ...]] = ()
    """Options that are paths. In a study they start at its file, and what they name is known by `data_digest` alone."""

    def rows(self, split: Split) -> int | None:
        """Sequences of a split that holds a fixed number of them; None where they are drawn without end.

        Of such a split the first sequences are the rows, each once.
        """
        return None

    @property
    def data_digest(self) -> str:
        """SHA-256 of what the task reads beside its options; empty where everything is drawn from seeds."""
        return ""

    def batch(self, seed: int, split: Split, count: int, first: int = 0, words: Words = philox) -> Batch:
        """The sequences `first` to `first + count - 1` of a split, which are the same in every batch of that seed.

        No two splits or seeds share random numbers. `words` may be a faster form of `philox`.
        """
        return self.draw(Draws(draw_key(seed, split), count, first, words), split)

    @abc.abstractmethod
    def draw(self, draws: Draws, split: Split) -> Batch:
        """One sequence for each item of `draws`, which is all the randomness there is.

        A sequence follows from its item's numbers alone, so that it does not matter how many are drawn at once. Splits
        may differ in length or in content. After a sequence's last masked step everything is zero.
        """

    @abc.abstractmethod
    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Score in [0, 1] of outputs [masked steps, output_size].

        The rows stand in the order of `batch.targets[batch.mask]`: logits for cross-entropy, predictions otherwise.
        """

    @abc.abstractmethod
    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """Whether these outputs count as the task being solved, in the words of the task's source."""
