"""Made-up results for the tests of the board."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from archsearch.board import Board, build_board
from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure, Score
from archsearch.schema.states import Role
from archsearch.store import EntryResult, EntryRow, EvaluationKey, EvaluationRow, EvaluationState, RunRow
from archsearch.store.board_figures import figures_of
from tests.schema.scores import BUDGET, score


def run(spec_id: str, seed_index: int, outcome: Score | Failure | None, phase: Phase = "report") -> RunRow:
    """The run of one seed: with a score, failed, or (None) pruned."""
    if isinstance(outcome, Failure):
        return RunRow(phase, spec_id, seed_index, None, outcome)
    key = EvaluationKey(spec_id, {"name": "adding"}, seed_index, BUDGET, "native", 1)
    state: EvaluationState = "pruned" if outcome is None else "complete"
    evaluation = EvaluationRow(seed_index, key, state, outcome, (), "e", 2.0, "2026-01-01T00:00:00+00:00")
    return RunRow(phase, spec_id, seed_index, evaluation, None)


def entry(
    name: str,
    objectives: Sequence[float],
    role: Role = "candidate",
    *,
    failed: Collection[int] = (),
    pruned: Collection[int] = (),
    phase: Phase = "report",
    **changes: Any,
) -> EntryResult:
    """An entry with these objectives by seed index; the values of failed and pruned seeds are not looked at."""
    failure = Failure(kind="nan", reason="loss is nan")
    outcomes = [
        failure if seed in failed else None if seed in pruned else score(objective, **changes)
        for seed, objective in enumerate(objectives)
    ]
    runs = tuple(run(f"spec {name}", seed, outcome, phase) for seed, outcome in enumerate(outcomes))
    label = name if role == "baseline" else ""
    return EntryResult(EntryRow(phase, role, label, f"spec {name}", None, f"arch {name}", f"line {name}"), runs)


def board(*results: EntryResult, phase: Phase = "report", trivial: float = 0.1, seeds: int | None = None) -> Board:
    """The board of these entries."""
    return build_board("quick", phase, [figures_of(each) for each in results], trivial=trivial, seeds=seeds)
