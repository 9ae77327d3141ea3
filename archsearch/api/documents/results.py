"""Boards, evaluations, curves, failures, importance."""

from __future__ import annotations

import dataclasses
from typing import Literal

from archsearch.api.documents.studies import Choice
from archsearch.schema.phases import Phase
from archsearch.schema.states import Role


@dataclasses.dataclass(frozen=True)
class BoardRow:
    """An entry of a phase, ranked; values that no finished run gives are null. `choices`: by hole, of a candidate."""

    rank: int
    role: Role
    label: str
    line: str
    arch_id: str
    spec_id: str
    objective: float | None
    objective_low: float | None
    objective_high: float | None
    seeds: int
    failed: int
    pruned: int
    solved: int
    solved_low: float | None
    solved_high: float | None
    sequences_q1: float | None
    sequences_median: float | None
    sequences_q3: float | None
    budget: int | None
    test: float | None
    parameters: int | None
    operations: int | None
    stages: int | None
    seconds: float | None
    ratio: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    outcome: str | None
    choices: dict[str, Choice]


@dataclasses.dataclass(frozen=True)
class Board:
    """A page of a phase's ranking. `total` rows pass the filters, `left_out` are not on this page.

    `holes` are those of the study, by which rows may be sorted and filtered too.
    """

    study: str
    phase: Phase
    seeds: int
    baseline: str
    verdict: str
    decided: bool
    note: str
    holes: tuple[str, ...]
    total: int
    left_out: int
    rows: tuple[BoardRow, ...]


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
class Point:
    """The validation score after so many training sequences."""

    sequences: int
    score: float


@dataclasses.dataclass(frozen=True)
class Reported:
    """What an evaluation reported at a check: its mean score so far."""

    check: int
    mean: float


@dataclasses.dataclass(frozen=True)
class Curve:
    """An evaluation over time; one that was pruned has no points."""

    evaluation: int
    points: tuple[Point, ...]
    reports: tuple[Reported, ...]


@dataclasses.dataclass(frozen=True)
class HoleShare:
    """How far the best trials differ from all in one hole; shares sum to 1."""

    hole: str
    share: float


@dataclasses.dataclass(frozen=True)
class Importance:
    """The holes of a study, the most important first."""

    study: str
    importance: tuple[HoleShare, ...]
