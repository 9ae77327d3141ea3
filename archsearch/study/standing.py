"""How a stored study stands: the board of a phase and the verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archsearch.board import Board, build_board, latest_phase, verdict
from archsearch.schema.score import Phase
from archsearch.study.stored import PHASES, plan_of, trivial_score

if TYPE_CHECKING:
    from archsearch.store import EntryResult, Store, StudyRow


@dataclasses.dataclass(frozen=True)
class Standing:
    """A board and the verdict on its study, `decided` once the report phase has results.

    `left_out` counts rows that filters or the limit hide.
    """

    board: Board
    verdict: str
    decided: bool
    left_out: int = 0


def read_standing(store: Store, row: StudyRow, phase: Phase | None = None, tasks_from: Path | None = None) -> Standing:
    """The board of a phase (the latest by default); the verdict is always on the report phase."""
    results = {each: store.results(row.id, each) for each in PHASES}
    plan = plan_of(row)
    # Only a failed seed counts as the blind guess: without one the task is not needed, and may be gone.
    trivial = trivial_score(plan, tasks_from) if _any_failed(results) else 0.0
    shown, decisive = (
        build_board(row.name, each, results[each], trivial=trivial, seeds=plan.seeds(each))
        for each in (phase or latest_phase(results), "report")
    )
    return Standing(shown, verdict(decisive), decided=any(row.seeds for row in decisive.rows))


def _any_failed(results: Mapping[Phase, tuple[EntryResult, ...]]) -> bool:
    return any(run.failure is not None for phase in results.values() for result in phase for run in result.runs)
