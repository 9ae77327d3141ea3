"""Boards, evaluations, curves, failures, importance."""

from __future__ import annotations

import dataclasses

from archsearch.findings.plain import Choice
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
