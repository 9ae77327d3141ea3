"""How a stored study stands: the board of a phase and the verdict."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from archsearch.findings.studies import every_candidate_failed, not_reproducible
from archsearch.schema.phases import DECISIVE, Phase
from archsearch.study.stored import plan_of, trivial_score

if TYPE_CHECKING:
    from archsearch.board import Board
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Standing:
    """A board and the verdict on its study, `decided` once the report phase has results.

    `failed` says of a study at its end that every candidate failed.
    """

    board: Board
    verdict: str
    decided: bool
    failed: str = ""

    @property
    def shown_verdict(self) -> str:
        """The verdict; beside the scores of another phase it says that it is not about these."""
        if self.board.phase == DECISIVE or not self.decided:
            return self.verdict
        return f"report phase: {self.verdict}"


def read_standing(store: Store, row: StudyRow, phase: Phase | None = None, tasks_from: Path | None = None) -> Standing:
    """The board of a phase (the latest by default); the verdict is always on the report phase."""
    from archsearch.board import build_board, latest_phase, verdict

    plan, progress = plan_of(row), store.progress(row.id)
    wanted = phase or latest_phase(progress.runs)
    results = {each: store.figures(row.id, each) for each in dict.fromkeys((wanted, DECISIVE))}
    # Only a failed seed counts as the blind guess: without one the task is not needed, and may be gone.
    some_failed = any(run.state == "failed" for found in results.values() for entry in found for run in entry.runs)
    trivial = trivial_score(plan, tasks_from) if some_failed else 0.0
    shown, decisive = (
        build_board(row.name, each, results[each], trivial=trivial, seeds=plan.seeds(each))
        for each in (wanted, DECISIVE)
    )
    failed_all = every_candidate_failed(store, row, progress)
    said = f"no winner: {failed_all}" if failed_all else verdict(decisive)
    said = "; ".join(filter(None, (said, not_reproducible(progress))))
    return Standing(shown, said, decided=any(row.seeds for row in decisive.rows), failed=failed_all)
