"""Embedded Reber grammar: predict the next symbol; the last but one repeats the second.

Cleeremans, Servan-Schreiber & McClelland 1989; Fahlman 1991; Hochreiter & Schmidhuber 1997, experiment 1. A string is

    B T <reber> T E     or     B P <reber> P E

where <reber> is a walk through the Reber grammar; where it branches, both ways have probability 1/2:

    0 -B-> 1 -T-> 2 -X-> 4 -S-> 6 -E-> end      loops      2 -S-> 2    3 -T-> 3
           1 -P-> 3 -V-> 5 -V-> 6               bridges    4 -X-> 3    5 -P-> 4

The lag is the number of steps between the two outer letters, one more than the length of <reber>: 6 at least. Strings
are drawn as the grammar draws them, on condition that `min_lag` <= lag <= `max_lag` (exactly: each branch is taken
with its probability given that condition). All symbols but the last are inputs, one-hot over B T P S X V E, and at each
step the next symbol is the target:

    input    B T B T X S E T
    target   T B T X S E T E
                         ^ the outer letter: the step that is scored

As in 1997 every step is trained. Most next symbols can only be guessed by halves, and the grammar inside does not need
the first letter; so the score is the share of strings whose second outer letter is predicted, among all 7 symbols.
Baseline: 1/2 (always T). Solved: it is right in every string. The criterion of 1997 is wider: at every step the legal
symbols' outputs are the highest. It cannot be asked for here, as the bounds on the lag make legal symbols impossible.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from archsearch.draws import Draws
from archsearch.tasks import Batch, Loss, Readout, Split, Task
from archsearch.tasks._batches import PAD, ended, one_hot
from archsearch.tasks._scores import accuracy

SYMBOLS = "BTPSXVE"
_B, _T, _P, _E = (SYMBOLS.index(letter) for letter in "BTPE")
_END = 7

# Per state the two ways out (symbol, next state), written twice where there is only one. The ways are numbered through,
# and while strings are drawn a state is known by the number of its first way, which is even.
_WAYS = ("B1 B1", "T2 P3", "S2 X4", "T3 V5", "X3 S6", "P4 V6", "E7 E7")
_SYMBOL = np.array([*(SYMBOLS.index(way[0]) for ways in _WAYS for way in ways.split()), PAD, PAD])
_NEXT = 2 * np.array([*(int(way[1]) for ways in _WAYS for way in ways.split()), _END, _END])


class EmbeddedReber(Task):
    """Options of the embedded Reber grammar; see the module."""

    loss: ClassVar[Loss] = "cross_entropy"
    readout: ClassVar[Readout] = "every"
    input_size: ClassVar[int] = len(SYMBOLS)
    """One feature per symbol, in the order of `SYMBOLS`."""
    output_size: ClassVar[int] = len(SYMBOLS)
    """One class per symbol, in the order of `SYMBOLS`."""
    baseline: ClassVar[float] = 0.5
    """Always the same outer letter."""

    min_lag: Annotated[int, Field(ge=6, le=1_000)] = 6
    """Fewest steps between the outer letters."""
    max_lag: Annotated[int, Field(ge=6, le=1_000)] = 17
    """Most steps between the outer letters."""

    @model_validator(mode="after")
    def _has_strings(self) -> Self:
        if self.max_lag < self.min_lag:
            raise ValueError(f"max_lag {self.max_lag} must not be below min_lag {self.min_lag}")
        return self

    @property
    def longest(self) -> int:
        """The string without its last symbol."""
        return self.max_lag + 2

    def draw(self, draws: Draws, split: Split) -> Batch:
        """See `Task.draw`; all splits are alike."""
        columns = np.arange(draws.count)
        outer = np.where(draws.integers(0, 2), _T, _P)
        inner = _walk(draws, self.min_lag - 1, self.max_lag - 1)
        lags = 1 + np.count_nonzero(inner != PAD, axis=0)
        strings = np.full((int(lags.max()) + 3, draws.count), PAD, dtype=np.int64)
        strings[0] = _B
        strings[1] = outer
        strings[2:-2] = inner[: len(strings) - 4]
        strings[lags + 1, columns] = outer
        inputs = one_hot(strings[:-1], len(SYMBOLS))
        strings[lags + 2, columns] = _E
        return Batch(inputs, np.maximum(strings[1:], 0), ~ended(lags + 2))

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """Share of strings whose second outer letter is predicted."""
        outer = _outer_rows(batch)
        return accuracy(outputs[outer], batch.targets[batch.mask][outer])

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """The outer letter is right in every string."""
        return self.score(outputs, batch) == 1.0


def _outer_rows(batch: Batch) -> NDArray[np.bool_]:
    """Which rows of the masked steps predict the second outer letter: the last but one of every string."""
    steps, columns = np.nonzero(batch.mask)
    rows: NDArray[np.bool_] = steps == batch.mask.sum(axis=0)[columns] - 2
    return rows


def _walk(draws: Draws, shortest: int, longest: int) -> NDArray[np.int64]:
    """Strings of the Reber grammar with `shortest` to `longest` symbols [longest, items], padded."""
    chance = draws.uniform(longest)
    ways = np.empty(chance.shape, dtype=np.int64)
    states = np.zeros(draws.count, dtype=np.int64)
    for numbers, first, way in zip(chance, _first_way(shortest, longest), ways, strict=True):
        np.add(states, numbers >= first.take(states, mode="clip"), out=way)
        _NEXT.take(way, mode="clip", out=states)
    return _SYMBOL.take(ways, mode="clip")


@functools.lru_cache(maxsize=32)
def _first_way(shortest: int, longest: int) -> NDArray[Any]:
    """Probability [longest, ways] that a state is left by its first way, given that the string's length is legal.

    Backwards in time, `good[state]` is the probability that a walk which is in `state` now will have a length within
    the bounds.
    """
    first = np.full((longest, _END + 1), 0.5)
    good = np.zeros(_END + 1)
    for step in reversed(range(longest)):
        good[_END] = float(step + 1 >= shortest)
        ways = good[_NEXT // 2].reshape(-1, 2)
        total = ways.sum(axis=1)
        np.divide(ways[:, 0], total, out=first[step], where=total > 0)
        good = total / 2
    by_way = first.astype(np.float32).repeat(2, axis=1)
    by_way.flags.writeable = False
    return by_way


TASK = EmbeddedReber
