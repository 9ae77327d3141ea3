"""The results of a run of `benchmarks.search` as tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from benchmarks.tables import Table


@dataclasses.dataclass(frozen=True)
class StudyTimes:
    """Seconds of a study. From `training` on they are seconds of slots, of which every worker is one, and add up."""

    backend: str
    workers: int
    candidates: int
    search: float
    """Until the search phase was over."""
    seconds: float
    """Of the whole study."""
    evaluation: float
    """Of an evaluation, median."""
    training: float
    data: float
    compiling: float
    processes: float
    """Starting and ending the processes of evaluations, and sending what they have found."""
    proposing: float
    """Slots that were empty while the coordinator proposed, wrote to the database, or started."""
    idle: float
    """Slots that were empty since a phase waited for its last evaluations."""

    @property
    def per_hour(self) -> float:
        """Candidates per hour of the search."""
        return 3600 * self.candidates / self.search

    @property
    def outside(self) -> float:
        """Share of the time in which a slot could be used that did not go into training."""
        return 1 - self.training / (self.workers * self.seconds - self.idle)


PARTS = {
    "training and checking": "training",
    "drawing data": "data",
    "compiling": "compiling",
    "processes: start, end, results": "processes",
    "proposals, database, the study's start": "proposing",
    "no evaluation left to start in the phase": "idle",
}


def tables(machine: Mapping[str, str], size: Mapping[str, int], times: Sequence[StudyTimes]) -> list[Table]:
    """All tables in order."""
    return [_machine(machine, size, times), _speed(times), _parts(times)]


def _machine(machine: Mapping[str, str], size: Mapping[str, int], times: Sequence[StudyTimes]) -> Table:
    trained = f"adding, length 100, hidden 64, {size['sequences']} sequences, {size['trials']} candidates"
    rows = [*machine.items(), ("study", f"lstm_to_gru, {trained}"), ("workers", str(times[0].workers))]
    return Table("Machine and studies", "", ("what", "value"), rows, words=2)


def _speed(times: Sequence[StudyTimes]) -> Table:
    rows = [
        ("candidates per hour", *(f"{each.per_hour:.0f}" for each in times)),
        ("search, seconds", *(f"{each.search:.1f}" for each in times)),
        ("an evaluation, median seconds", *(f"{each.evaluation:.2f}" for each in times)),
        ("outside training, share", *(f"{100 * each.outside:.1f} %" for each in times)),
    ]
    first, *others = times
    note = "; ".join(
        f"{first.backend} tries {first.per_hour / each.per_hour:.1f} times as many candidates as {each.backend}"
        for each in others
    )
    return Table("Candidates per hour", f"In the same time, {note}.", ("", *(each.backend for each in times)), rows)


def _parts(times: Sequence[StudyTimes]) -> Table:
    rows = [
        (text, *(f"{(part := getattr(each, name)):.2f} s, {100 * part / _all(each):.1f} %" for each in times))
        for text, name in PARTS.items()
    ]
    note = (
        "Seconds of all workers together, over the whole study: search, confirm, report. Kernels were not in the cache."
    )
    return Table("What the time goes into", note, ("", *(each.backend for each in times)), rows)


def _all(times: StudyTimes) -> float:
    return times.workers * times.seconds
