"""Where the time of a study goes: the seconds of its slots, one for each worker, cut into parts that add up."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Mapping

from archsearch.study.definition import Definition
from benchmarks.timed_evaluation import Parts


@dataclasses.dataclass
class Slots:
    """When jobs were submitted and had ended, by their numbers, and how long slots had nothing left to do."""

    begun: dict[int, float] = dataclasses.field(default_factory=dict)
    ended: dict[int, float] = dataclasses.field(default_factory=dict)
    idle: float = 0.0


@dataclasses.dataclass(frozen=True)
class StudyTimes:
    """Seconds of a study. Those from `training` on are seconds of slots."""

    backend: str
    workers: int
    candidates: int
    search: float
    """Until the search phase was over."""
    seconds: float
    """Of the whole study."""
    evaluation: float
    """Of an evaluation, median, from its submission to its result."""
    training: float
    data: float
    compiling: float
    module_check: float
    """In the report phase, all of it."""
    processes: float
    """Starting and ending the evaluations' processes, and sending what they have found."""
    preparing: float
    """Until the first server of processes was ready, which happens once."""
    proposing: float
    """Slots that were empty while the coordinator proposed, wrote to the database, or started."""
    idle: float
    """Slots that were empty since a phase waited for its last evaluations."""

    @property
    def all(self) -> float:
        """Seconds of all slots."""
        return self.workers * self.seconds

    @property
    def per_hour(self) -> float:
        """Candidates per hour of the search."""
        return 3600 * self.candidates / self.search

    @property
    def outside(self) -> float:
        """Share of the time in which there was something to do that did not go into training."""
        return 1 - self.training / (self.all - self.idle)


def account(
    definition: Definition, workers: int, clock: tuple[float, float], slots: Slots, parts: Mapping[int, Parts]
) -> StudyTimes:
    """The parts of a study's time; `clock`: seconds of the search phase and of the study."""
    search, seconds = clock
    first = min(part.began for part in parts.values())
    preparing = sum(max(0.0, first - begun) for begun in slots.begun.values())
    trainings = [part for part in parts.values() if not part.check]
    taken = sum(slots.ended[job] - begun for job, begun in slots.begun.items())
    return StudyTimes(
        backend=definition.study.backend[0],
        workers=workers,
        candidates=definition.study.search.trials,
        search=search,
        seconds=seconds,
        evaluation=statistics.median(slots.ended[job] - slots.begun[job] for job in parts if not parts[job].check),
        training=sum(part.rest for part in trainings),
        data=sum(part.data for part in trainings),
        compiling=sum(part.compiling for part in trainings),
        module_check=sum(part.total for part in parts.values() if part.check),
        processes=taken - preparing - sum(part.total for part in parts.values()),
        preparing=preparing,
        proposing=workers * seconds - taken - slots.idle,
        idle=slots.idle,
    )
