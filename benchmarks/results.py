"""What one run has found: plain data that goes to JSON and back, and the questions that the tables ask of it."""

from __future__ import annotations

import dataclasses
from functools import cached_property

from archsearch.ir import lower
from archsearch.space.library import load_cell
from benchmarks import work
from benchmarks.compile_times import CompileTimes
from benchmarks.measure import Timed

WAYS = ("native", "reference", "torch.nn", "torchrecurrent", "jax")
"""Who makes training steps."""


@dataclasses.dataclass(frozen=True)
class Sizes:
    """What was run: axes of the batches, hidden sizes, cells, and how many rounds the medians are of."""

    cells: tuple[str, ...]
    hidden: tuple[int, ...]
    rounds: int
    steps: int = 100
    batch: int = 32
    input_size: int = 8


@dataclasses.dataclass(frozen=True)
class StepTime:
    """One training step of a cell."""

    cell: str
    hidden: int
    way: str
    time: Timed


@dataclasses.dataclass(frozen=True)
class Rate:
    """A product by torch, timed in the same rounds as the cells of a hidden size."""

    hidden: int
    shape: tuple[int, int, int]
    time: Timed

    @property
    def gflop_per_second(self) -> float:
        """The rate."""
        return work.sgemm_gflop(self.shape) / self.time.seconds


@dataclasses.dataclass(frozen=True)
class ThreadTimes:
    """Seconds of a native training step at twice the batch, with one thread and with two."""

    cell: str
    hidden: int
    one: float
    two: float

    @property
    def gain(self) -> float:
        """How many times as quick two threads are."""
        return self.one / self.two


@dataclasses.dataclass(frozen=True)
class Kept:
    """Memory kept for the way back, in units of steps·batch·hidden."""

    cell: str
    native: float
    reference: float


@dataclasses.dataclass(frozen=True)
class Results:
    """One run."""

    machine: dict[str, str]
    sizes: Sizes
    steps: tuple[StepTime, ...]
    rates: tuple[Rate, ...]
    compiling: CompileTimes
    threads: tuple[ThreadTimes, ...]
    memory: tuple[Kept, ...]
    seconds: float

    @cached_property
    def _times(self) -> dict[tuple[str, int, str], Timed]:
        return {(each.cell, each.hidden, each.way): each.time for each in self.steps}

    def time(self, cell: str, hidden: int, way: str = "native") -> float | None:
        """Seconds of a step; None where the way does not have the cell."""
        found = self._times.get((cell, hidden, way))
        return None if found is None else found.seconds

    def gain(self, cell: str, hidden: int, over: str) -> float | None:
        """How many times as quick native is as another way."""
        other, native = self.time(cell, hidden, over), self.time(cell, hidden)
        return None if other is None or native is None else other / native

    def rate(self, hidden: int) -> float:
        """10^9 operations per second of the quickest product, in the rounds of this hidden size."""
        return max(rate.gflop_per_second for rate in self.rates if rate.hidden == hidden)

    def gflop(self, cell: str, hidden: int) -> float:
        """10^9 operations of a step's products."""
        sizes = self.sizes
        return work.gflop(lower(load_cell(cell)), sizes.steps, sizes.batch, sizes.input_size, hidden)

    def share(self, cell: str, hidden: int) -> float | None:
        """The native step's rate as a share of the machine's."""
        seconds = self.time(cell, hidden)
        return None if seconds is None else self.gflop(cell, hidden) / seconds / self.rate(hidden)
