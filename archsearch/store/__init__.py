"""The database: studies, trials, evaluations with every seed, failures with their reasons.

Only this package knows SQLAlchemy. Here stands what it takes, returns and raises: frozen dataclasses and errors that
import no database library. `store.Store` reads a database and changes what a server changes; `owned.own_study` is how
the one coordinator of a study writes.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from archsearch.errors import Refused
from archsearch.schema.canonical import digest
from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure, Score
from archsearch.schema.states import Role, StudyState, TrialState

Choice = str | int | float
CoordinatorState = Literal["running", "finished", "exhausted", "interrupted"]
JobState = Literal["created", "queued", "running", "stopping", "cancelled", "failed"]
EndState = Literal["complete", "pruned", "failed"]
EvaluationState = Literal["complete", "pruned"]

COORDINATOR_STATES: tuple[CoordinatorState, ...] = get_args(CoordinatorState)
JOB_STATES: tuple[JobState, ...] = get_args(JobState)
EVALUATION_STATES: tuple[EvaluationState, ...] = get_args(EvaluationState)


class AlreadyCounted(Refused):
    """A study, trial or run is recorded already: nothing is counted twice."""


class Damaged(Refused):
    """The database does not hold what was written to it."""


POSSIBLE_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""Errors that may come of a database with other contents than were written: `Database.examine` tells."""


class Unavailable(Refused):
    """The database does not answer, or answers with an error that is not damage."""


class NoAnswer(Unavailable):
    """The database does not answer now, but may later: it is locked, restarts, or has ended the connection."""


class HeldElsewhere(Refused):
    """Another process runs the study, or the queue."""


class TakenOver(HeldElsewhere):
    """Another process owns the study now; this one writes nothing more."""


class SetBack(Refused):
    """The database lacks what this owner has written."""


class ForeignStudy(Refused):
    """A user has made a study of this name with Optuna itself."""


@dataclasses.dataclass(frozen=True)
class StudyRow:
    """A study; `definition` is the JSON text of its file, `created_at` a UTC time in ISO format."""

    id: int
    name: str
    definition: str
    created_at: str
    state: StudyState


@dataclasses.dataclass(frozen=True)
class JobRow:
    """What a server is to do, or has done, with a study. At most one of a study, and none once it has come to its end.

    workers: evaluations at once, and so cores. ticket: its place in the queue, the lowest first. crashes: how often its
    coordinator has died in a row. pid, pid_started: the coordinator's process, and when that began, in clock ticks
    since the boot, which tells it from a later one with the same number. host: the machine's name and its boot's id.
    """

    study_id: int
    study: str
    state: JobState
    workers: int
    ticket: int
    reason: str
    crashes: int
    pid: int | None
    pid_started: float | None
    host: str
    changed_at: str


@dataclasses.dataclass(frozen=True)
class SpecRow:
    """One spec: everything that is trained. `document` is its JSON text, `ir` the printed IR of its cell.

    `line` is the readable description; `arch_id` identifies the structure alone.
    """

    spec_id: str
    arch_id: str
    ir: str
    document: str
    line: str


@dataclasses.dataclass(frozen=True)
class NewEntry:
    """A spec that is to take part in a phase; `label` is a baseline's name, `rank` its rank in the phase before."""

    role: Role
    spec: SpecRow
    label: str = ""
    rank: int | None = None


@dataclasses.dataclass(frozen=True)
class TrialRow:
    """One proposal of the search. `spec_id` and `arch_id` are None only when no spec could be made (`reason`)."""

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
class TrialEnd:
    """How a trial ends: complete with a value in [0, 1], pruned with or without one, failed without.

    Raises `ValueError` for anything else, NaN and infinity included.
    """

    number: int
    state: EndState
    value: float | None = None

    def __post_init__(self) -> None:
        if self.value is not None and not (math.isfinite(self.value) and 0 <= self.value <= 1):
            raise ValueError(f"a trial's value lies in [0, 1], not {self.value}")
        if self.state == "complete" and self.value is None:
            raise ValueError("a complete trial has a value")
        if self.state == "failed" and self.value is not None:
            raise ValueError("a failed trial has no value")


@dataclasses.dataclass(frozen=True)
class Run:
    """The name of one counted result: a spec with seed `seed_index` of a phase of a study."""

    study_id: int
    phase: Phase
    spec_id: str
    seed_index: int


@dataclasses.dataclass(frozen=True)
class EvaluationKey:
    """Everything that decides an evaluation's result: equal keys are never computed twice.

    `task` is `{"name": ..., **options}`; `budget` counts training sequences; `backend` is the one that runs;
    `version` is the evaluation code's own number.
    """

    spec_id: str
    task: Mapping[str, object]
    seed: int
    budget: int
    backend: str
    version: int

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of all fields, 64 hex digits."""
        seed = str(self.seed)
        return digest([self.spec_id, dict(self.task), seed, self.budget, self.backend, self.version])


class EntryRow(NamedTuple):
    """A spec that takes part in a phase."""

    phase: Phase
    role: Role
    label: str
    spec_id: str
    rank: int | None
    arch_id: str
    line: str


@dataclasses.dataclass(frozen=True)
class EvaluationRow:
    """One evaluation: complete with a score, or pruned without.

    `reports` are the (check, mean objective so far) sent while it ran; `environment` is a fingerprint.
    """

    id: int
    key: EvaluationKey
    state: EvaluationState
    score: Score | None
    reports: tuple[tuple[int, float], ...]
    environment: str
    seconds: float
    finished_at: str


@dataclasses.dataclass(frozen=True)
class RunRow:
    """One counted result; exactly one of `evaluation` and `failure` is there."""

    phase: Phase
    spec_id: str
    seed_index: int
    evaluation: EvaluationRow | None
    failure: Failure | None

    @property
    def pruned(self) -> bool:
        """Whether the evaluation was stopped early and so has no score."""
        return self.evaluation is not None and self.evaluation.state == "pruned"

    @property
    def score(self) -> Score | None:
        """The score, if the evaluation is complete."""
        return None if self.evaluation is None else self.evaluation.score


@dataclasses.dataclass(frozen=True)
class EntryResult:
    """An entry and its finished runs, ordered by seed index."""

    entry: EntryRow
    runs: tuple[RunRow, ...]


@dataclasses.dataclass(frozen=True)
class FailedAttempt:
    """A failed attempt, `final` when it was not tried again; of a proposal that makes no cell the kind is "no cell".

    `line` is what the spec is called in its study, or the choices of the proposal.
    """

    at: str
    phase: Phase
    kind: str
    final: bool
    attempt: int
    seed_index: int | None
    spec_id: str | None
    line: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Counts:
    """How far a study is: trials by state without repeats, repeats, runs by phase, attempts that were tried again.

    `failed` counts those of the runs whose result is a failure, `late` those that met their time limit. `draws`
    counts the baselines that the search tries, once for each draw of the training's holes.
    """

    trials: dict[TrialState, int]
    repeats: int
    runs: dict[Phase, int]
    failed: dict[Phase, int]
    attempts: int
    late: int
    draws: int
