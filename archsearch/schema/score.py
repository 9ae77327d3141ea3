"""What an evaluation yields: a score, or a failure with its reason."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from archsearch.schema.strict import Strict

Unit = Annotated[float, Field(ge=0, le=1)]

FailureKind = Literal[
    "exception",
    "nan",
    "inf",
    "time limit",
    "memory limit",
    "parameters limit",
    "operations limit",
    "refused",
    "mismatch",
    "killed",
    "lost",
]
FAILURE_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)

MACHINE_FAILURES: frozenset[FailureKind] = frozenset({"killed", "lost"})
"""Failures for which the machine, not the candidate, is to blame: they are tried again and never counted."""

TIME_LIMIT: FailureKind = "time limit"
"""The one failure that depends on the load of the machine: it is tried again, and counted when it persists."""


class Score(Strict):
    """The outcome of one completed evaluation: one spec, one task, one seed, one budget."""

    objective: Unit
    """Mean validation score over the whole budget's checks, counting 1 from the check at which the task is solved."""
    final: Unit
    """Validation score at the last check made."""
    best: Unit
    """Best validation score of any check."""
    test: Unit | None
    """Score on the test split; read in the report phase only."""
    solved: bool
    sequences_to_solve: int | None
    """Training sequences until solved; None when the budget ended before (censored)."""
    curve: list[tuple[int, float]]
    """(training sequences so far, validation score) of each check made."""
    parameters: int
    """Trainable numbers of the whole model, head included."""
    operations: int
    """Multiply-adds and pointwise operations of all layers, per step and sequence."""
    stages: int
    """Dependent matrix products per step of the cell."""
    seconds: float
    """Wall time of the evaluation."""
    backend: str
    backend_reason: str
    """Why the first named backend did not run; empty when it did."""
    compiled: bool
    """Whether compiled steps of the backend trained it; else PyTorch did, with the backend's layers."""
    weights_hash: str
    """First 16 hex digits of the SHA-256 of the trained weights."""


class Failure(Strict):
    """Why an evaluation has no score."""

    kind: FailureKind
    reason: str
