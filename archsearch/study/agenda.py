"""What a phase asks for: evaluations in an order of its own, and what follows from their outcomes."""

from __future__ import annotations

import dataclasses
from typing import Protocol

from archsearch.store import Run, TrialEnd
from archsearch.study.outcomes import Outcome, Subject


@dataclasses.dataclass(frozen=True)
class Request:
    """An evaluation that a phase asks for; `trial` is the number of the trial that it belongs to, if any."""

    run: Run
    subject: Subject
    trial: int | None = None

    def __str__(self) -> str:
        """The evaluation as users know it."""
        return f"{self.run.phase}, {self.subject.line}, seed {self.run.seed_index}"


class Agenda(Protocol):
    """The evaluations that a phase asks for, in their order, and what follows from each."""

    def next(self) -> Request | None:
        """The evaluation to begin now; None where all others have to end first."""

    def reported(self, trial: int, check: int, value: float) -> bool:
        """Take in the report of a trial's first seed; whether the trial is to be given up."""

    def trial_end(self, request: Request, outcome: Outcome) -> TrialEnd | None:
        """How this outcome ends a trial, to be recorded together with it."""

    def ended(self, request: Request, outcome: Outcome) -> None:
        """Take in an outcome that has been recorded."""

    def left_open(self) -> None:
        """Take in that the machine has lost an evaluation: what follows from its outcome waits for the next run."""
