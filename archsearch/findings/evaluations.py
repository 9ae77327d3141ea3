"""Trials, the evaluations of what they proposed, and what failed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from archsearch.schema.phases import Phase
from archsearch.store import FailedAttempt, TrialRow

if TYPE_CHECKING:
    from archsearch.store import EvaluationRow, RunRow, StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Trials:
    """Some trials, and how many pass the filters in all."""

    total: int
    trials: tuple[TrialRow, ...]


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """One seed of one spec in a phase. A failed one has no `id`; a score's values are null unless it is complete."""

    id: int | None
    phase: Phase
    spec_id: str
    seed_index: int
    state: Literal["complete", "pruned", "failed"]
    seed: str | None = None
    budget: int | None = None
    backend: str | None = None
    backend_reason: str | None = None
    compiled: bool | None = None
    objective: float | None = None
    final: float | None = None
    best: float | None = None
    test: float | None = None
    solved: bool | None = None
    sequences_to_solve: int | None = None
    parameters: int | None = None
    operations: int | None = None
    stages: int | None = None
    weights_hash: str | None = None
    seconds: float | None = None
    environment: str | None = None
    finished_at: str | None = None
    failure: str | None = None
    reason: str | None = None


@dataclasses.dataclass(frozen=True)
class Evaluations:
    """The evaluations of one spec in a study."""

    study: str
    spec_id: str
    evaluations: tuple[Evaluation, ...]


@dataclasses.dataclass(frozen=True)
class Curve:
    """An evaluation over time, in pairs of numbers.

    points: training sequences and the validation score after them; none of one that was pruned. reports: the checks and
    the mean objective until each.
    """

    evaluation: int
    points: tuple[tuple[float, ...], ...]  # FastAPI writes tuple[int, float] as `items: [...]`, no OpenAPI 3.1
    reports: tuple[tuple[float, ...], ...]


@dataclasses.dataclass(frozen=True)
class Failures:
    """Some failures, the latest first; `total` and `kinds` count all."""

    study: str
    total: int
    kinds: dict[str, int]
    failures: tuple[FailedAttempt, ...]


def evaluations_of(study: str, spec_id: str, runs: Iterable[RunRow]) -> Evaluations:
    """The evaluations of one spec."""
    return Evaluations(study, spec_id, tuple(map(_evaluation, runs)))


def curve_of(row: EvaluationRow) -> Curve:
    """An evaluation over time."""
    return Curve(row.id, () if row.score is None else tuple(row.score.curve), row.reports)


def latest_failures(store: Store, row: StudyRow, count: int | None = None, offset: int = 0) -> Failures:
    """The latest `count` failed attempts and refused proposals, by default all, after the first `offset` of them."""
    failures, kinds = store.failures(row.id, count, offset), store.failure_kinds(row.id)
    return Failures(row.name, sum(kinds.values()), kinds, failures)


def _evaluation(run: RunRow) -> Evaluation:
    names: dict[str, Any] = {"phase": run.phase, "spec_id": run.spec_id, "seed_index": run.seed_index}
    if run.failure is not None:
        return Evaluation(id=None, state="failed", **names, failure=run.failure.kind, reason=run.failure.reason)
    row = run.evaluation
    assert row is not None
    scores = {} if row.score is None else row.score.model_dump(include=set(Evaluation.__dataclass_fields__))
    values: dict[str, Any] = {
        "id": row.id,
        "state": row.state,
        "seed": str(row.key.seed),  # more digits than JavaScript's numbers have
        "budget": row.key.budget,
        "backend": row.key.backend,
        "seconds": row.seconds,
        "environment": row.environment,
        "finished_at": row.finished_at,
    }
    return Evaluation(**names, **scores | values)
