"""Studies and their trials."""

from __future__ import annotations

import dataclasses
from typing import Any

from archsearch.schema.phases import Phase
from archsearch.schema.states import StudyState, TrialState

Choice = str | int | float


@dataclasses.dataclass(frozen=True)
class Health:
    """That the server lives, and whether its database answers."""

    alive: bool
    database: bool


@dataclasses.dataclass(frozen=True)
class StudySummary:
    """A study in one row. `trials` have ended; `best` is a value of the search, no result.

    `note` says that every candidate failed, or that results are not reproducible; it is empty for most studies.
    """

    study: str
    state: StudyState
    task: str
    trials: int
    trials_wanted: int
    best: float | None
    best_line: str | None
    created_at: str
    note: str


@dataclasses.dataclass(frozen=True)
class Studies:
    """Some studies, and how many pass the filters in all."""

    total: int
    studies: tuple[StudySummary, ...]


@dataclasses.dataclass(frozen=True)
class Job:
    """What the server is to do, or has failed to do, about a study. `workers` are cores that it takes while it runs.

    `position` counts from 1 among those that wait, null for the others; `reason` says why it failed.
    """

    study: str
    state: StudyState
    workers: int
    position: int | None
    reason: str


@dataclasses.dataclass(frozen=True)
class Queue:
    """The server's cores, and the studies that it runs, will run or could not run."""

    cores: int
    jobs: tuple[Job, ...]


@dataclasses.dataclass(frozen=True)
class PhaseCounts:
    """Evaluations of a phase; `planned` counts as if none repeated."""

    phase: Phase
    done: int
    planned: int
    failed: int


@dataclasses.dataclass(frozen=True)
class Progress(StudySummary):
    """How far a study is."""

    trial_states: dict[TrialState, int]
    repeats: int
    tried_again: int
    phases: tuple[PhaseCounts, ...]


@dataclasses.dataclass(frozen=True)
class Study(Progress):
    """A study with its definition: `study` is its file, the space and the baselines written out.

    `verdict` is on the report phase, `decided` once it has results. Minus infinity is null in the definition.
    """

    verdict: str
    decided: bool
    definition: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Trial:
    """A proposal of the search. Without `spec_id` no cell could be made of it (`reason`)."""

    number: int
    choices: dict[str, Choice]
    spec_id: str | None
    arch_id: str | None
    line: str
    state: TrialState
    value: float | None
    repeat_of: int | None
    reason: str
    proposed_at: str
    finished_at: str | None


@dataclasses.dataclass(frozen=True)
class Trials:
    """Some trials, and how many pass the filters in all."""

    total: int
    trials: tuple[Trial, ...]
