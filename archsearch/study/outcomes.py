"""Outcomes of evaluations, and the mean value of several."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from archsearch.ir import CellIR, canonical, lower
from archsearch.schema.canonical import ordered_json, plain
from archsearch.schema.score import Failure, Score
from archsearch.schema.study import Spec
from archsearch.space import Candidate
from archsearch.store import EndState, EvaluationRow, RunRow, SpecRow

Reports = Sequence[tuple[int, float]]
"""(check, mean objective so far)."""


@dataclasses.dataclass(frozen=True)
class Subject:
    """A spec under its identities; `ir` is that of the cell that is trained, the canonical one."""

    spec: Spec
    spec_id: str
    arch_id: str
    line: str
    ir: CellIR

    @property
    def row(self) -> SpecRow:
        """The row that the store keeps."""
        return SpecRow(self.spec_id, self.arch_id, str(self.ir), ordered_json(plain(self.spec)), self.line)


def subject_of(candidate: Candidate) -> Subject:
    """A candidate's spec."""
    ir = canonical(candidate.ir).ir
    return Subject(candidate.spec, candidate.spec_id, candidate.arch_id, candidate.line, ir)


def subject_of_row(row: SpecRow) -> Subject:
    """A stored spec."""
    spec = Spec.model_validate(json.loads(row.document))
    return Subject(spec, row.spec_id, row.arch_id, row.line, canonical(lower(spec.cell)).ir)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How one evaluation has ended.

    `value` is the objective of a complete one and the last report of a pruned one. `reports` are (check, mean objective
    so far); once the task is solved they stay at the objective, as if the remaining checks had been made.
    """

    state: EndState
    value: float | None
    reports: Reports = ()
    failure: Failure | None = None


def complete(score: Score, reports: Reports, checks: int) -> Outcome:
    """The outcome of a score; `checks` is how many a whole training makes."""
    kept = tuple(reports)
    if score.solved and kept:
        kept += tuple((check, score.objective) for check in range(kept[-1][0] + 1, checks + 1))
    return Outcome("complete", score.objective, kept)


def pruned(reports: Reports) -> Outcome:
    """The outcome of an evaluation that was given up."""
    kept = tuple(reports)
    return Outcome("pruned", kept[-1][1] if kept else None, kept)


def failed(failure: Failure) -> Outcome:
    """The outcome of a failure."""
    return Outcome("failed", None, (), failure)


def outcome_of_run(run: RunRow, checks: int) -> Outcome:
    """The outcome of a run that the store has counted."""
    if run.failure is not None:
        return failed(run.failure)
    assert run.evaluation is not None
    return outcome_of_evaluation(run.evaluation, checks)


def outcome_of_evaluation(evaluation: EvaluationRow, checks: int) -> Outcome:
    """The outcome of a stored evaluation."""
    if evaluation.score is None:
        return pruned(evaluation.reports)
    return complete(evaluation.score, evaluation.reports, checks)


def mean_value(outcomes: Sequence[Outcome], trivial: float) -> float:
    """The mean objective over seeds; a failed or pruned seed counts as the task's trivial baseline."""
    values = [
        outcome.value if outcome.state == "complete" and outcome.value is not None else trivial for outcome in outcomes
    ]
    return sum(values) / len(values)
