"""What a running study reports to its listener: snapshots, a few a second, and notes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping

from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.states import TrialState

INTERVAL = 0.25
"""Least seconds between two snapshots."""


@dataclasses.dataclass(frozen=True)
class PhaseProgress:
    """Evaluations (one seed of one spec) of a phase, baselines included; `total` is an estimate until it begins."""

    phase: Phase
    done: int
    total: int
    running: int
    failed: int


@dataclasses.dataclass(frozen=True)
class Best:
    """The leader: in the search by one trial's value, later by the mean over the phase's seeds so far."""

    phase: Phase
    value: float
    line: str
    number: int | None = None
    """Of the trial, in the search."""


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """How far a study is. `elapsed` counts the seconds of this call, `remaining` estimates those to come."""

    study: str
    phase: Phase
    phases: tuple[PhaseProgress, ...]
    trials: Mapping[TrialState, int]
    """By state, repeats left out."""
    repeats: int
    wanted: int
    """Trials asked for."""
    best: Best | None
    workers: int
    elapsed: float
    remaining: float | None


@dataclasses.dataclass(frozen=True)
class Note:
    """A message of one line."""

    text: str


Event = Snapshot | Note
Listener = Callable[[Event], None]


@dataclasses.dataclass
class RunningCounts:
    """What the phases count while they run."""

    total: dict[Phase, int]
    done: dict[Phase, int] = dataclasses.field(default_factory=lambda: dict.fromkeys(PHASES, 0))
    failed: dict[Phase, int] = dataclasses.field(default_factory=lambda: dict.fromkeys(PHASES, 0))
    trials: dict[TrialState, int] = dataclasses.field(default_factory=dict)
    repeats: int = 0
    best: Best | None = None
    ended: int = 0
    """Evaluations that this call has run."""
    spent: float = 0.0
    """Their seconds."""

    def count_run(self, seconds: float) -> None:
        """Count an evaluation that this call has run."""
        self.ended += 1
        self.spent += seconds


class Watch:
    """Reports the progress of a study to a listener, at most every INTERVAL seconds."""

    def __init__(self, study: str, wanted: int, workers: int, counts: RunningCounts, listen: Listener | None) -> None:
        self.counts = counts
        self.phase: Phase = "search"
        self._study = study
        self._wanted = wanted
        self._workers = workers
        self._listen = listen
        self._began = self._last = time.monotonic()

    def note(self, text: str) -> None:
        """Report a message."""
        if self._listen is not None:
            self._listen(Note(text))

    def show(self, running: int, *, now: bool = False) -> None:
        """Report a snapshot, unless the last one is too recent; with `now`, always."""
        moment = time.monotonic()
        if self._listen is not None and (now or moment - self._last >= INTERVAL):
            self._last = moment
            self._listen(self._snapshot(running))

    def _snapshot(self, running: int) -> Snapshot:
        counts = self.counts
        phases = tuple(
            PhaseProgress(
                phase,
                counts.done[phase],
                max(counts.total[phase], counts.done[phase]),
                running if phase == self.phase else 0,
                counts.failed[phase],
            )
            for phase in counts.done
        )
        left = sum(phase.total - phase.done for phase in phases)
        mean = counts.spent / counts.ended if counts.ended else None
        return Snapshot(
            study=self._study,
            phase=self.phase,
            phases=phases,
            trials=dict(counts.trials),
            repeats=counts.repeats,
            wanted=self._wanted,
            best=counts.best,
            workers=self._workers,
            elapsed=time.monotonic() - self._began,
            remaining=None if mean is None else mean * left / self._workers,
        )
