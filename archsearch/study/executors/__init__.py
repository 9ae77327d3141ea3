"""Executors run evaluations: one file each, offering `EXECUTOR`.

An executor runs jobs, each in isolation, and reports what becomes of them as events. It knows neither the database nor
Optuna. A job is plain data, and so is all that comes back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from archsearch.errors import ArchsearchError
from archsearch.schema.score import Failure, FailureKind, Score

PACKAGE = "archsearch.study.executors"


@dataclasses.dataclass(frozen=True)
class Trained:
    """What an evaluation has come to: its `Score` as JSON, and its weights (safetensors)."""

    score: str
    weights: bytes


@dataclasses.dataclass(frozen=True)
class Job:
    """One evaluation to run, or one to check. `number` names the job and is never used twice.

    `spec` is the JSON form of a `Spec`, `options` what the user has set of the task's. `seconds` limits the time and
    `memory_mb` the memory (10^6 bytes) that the job takes beyond what its process starts with. `compiled` says that it
    is trained in compiled steps, which take no torch. Where `trained` is given, the job checks it and trains nothing.
    """

    number: int
    spec: Mapping[str, Any]
    task: str
    options: Mapping[str, Any]
    tasks_from: str | None
    seed: int
    backends: tuple[str, ...]
    keep_weights: bool
    read_test: bool
    seconds: float
    memory_mb: int
    compiled: bool = False
    trained: Trained | None = None


@dataclasses.dataclass(frozen=True)
class Reported:
    """A running job has made a check; `value` is its mean objective so far."""

    job: int
    check: int
    value: float


@dataclasses.dataclass(frozen=True)
class Finished:
    """A job has its score, and its weights (safetensors) where they were to be kept; `seconds` of wall time."""

    job: int
    score: Score
    weights: bytes | None
    seconds: float


@dataclasses.dataclass(frozen=True)
class Failed:
    """A job has ended without a score."""

    job: int
    failure: Failure
    seconds: float


Event = Reported | Finished | Failed

Report = Callable[[int, float], None]
Evaluate = Callable[[Job, Report], tuple[Score, bytes | None]]
"""Runs a job in a process of its own; must be importable by its name. Calls the report after every check."""

Prepare = Callable[[], None]
"""Imports what jobs need, in the process that they are forked from; must be importable by its name."""


class EvaluationFailed(ArchsearchError):
    """Raised by an `Evaluate` to say which kind of failure it has met."""

    def __init__(self, kind: FailureKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclasses.dataclass(frozen=True)
class Work:
    """The code that an executor runs.

    Jobs are of several kinds, which need different libraries; `kind` names that of a job. `prepare` is called once for
    each kind, where its jobs are started: for the kind `first` as soon as there is an executor, for others at the first
    job. `version` says of which version the results are.
    """

    evaluate: Evaluate
    prepare: Mapping[str, Prepare]
    kind: Callable[[Job], str]
    version: Callable[[], int]
    first: str | None = None


class Executor(Protocol):
    """How an executor is used, by one thread."""

    slots: int
    """How many jobs may run at once."""

    @property
    def environment(self) -> Mapping[str, object]:
        """What decides results besides the job, where the jobs run: versions, processor."""

    @property
    def version(self) -> int:
        """The version of the code that runs there; a part of every evaluation's key."""

    def submit(self, job: Job) -> None:
        """Start a job. The caller keeps to the number of slots."""

    def wait(self, timeout: float) -> Sequence[Event]:
        """What has happened; waits up to `timeout` seconds for something to happen.

        Each job ends with one `Finished` or `Failed`, unless it was stopped.
        """

    def stop(self, number: int) -> float:
        """End a running job, with all processes that it has started; nothing more is heard of it. -> its seconds."""

    def close(self) -> None:
        """End all jobs and give everything back; may be called twice."""


ExecutorFactory = Callable[[int], Executor]
"""What `EXECUTOR` is: makes an executor with the given number of slots."""
