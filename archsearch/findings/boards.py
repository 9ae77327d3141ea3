"""How a stored study stands: the board of a phase with the verdict, and pages of it for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch.errors import counted, printable
from archsearch.findings.columns import KEYS, row_values
from archsearch.schema.phases import DECISIVE, Phase
from archsearch.schema.states import COMPLETED
from archsearch.store import Choice, StudyRow
from archsearch.study.stored import plan_of, trivial_score

if TYPE_CHECKING:
    from archsearch.board import Board, BoardRow
    from archsearch.store import Counts
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
    phases: tuple[Phase, ...] = (phase or latest_phase(progress.runs), DECISIVE)
    results = {phase: store.figures(row.id, phase) for phase in dict.fromkeys(phases)}
    # Only a failed seed counts as the blind guess: without one the task is not needed, and may be gone.
    failed = any(run.state == "failed" for entries in results.values() for entry in entries for run in entry.runs)
    trivial = trivial_score(plan, tasks_from) if failed else 0.0
    shown, decisive = (
        build_board(row.name, phase, results[phase], trivial=trivial, seeds=plan.seeds(phase)) for phase in phases
    )
    all_failed = every_candidate_failed(store, row, progress)
    outcome = f"no winner: {all_failed}" if all_failed else verdict(decisive)
    sentence = "; ".join(filter(None, (outcome, not_reproducible(progress))))
    return Standing(shown, sentence, decided=any(row.seeds for row in decisive.rows), failed=all_failed)


def every_candidate_failed(store: Store, row: StudyRow, counts: Counts) -> str:
    """For a study at its end without a candidate that was evaluated: a sentence with the most frequent reason."""
    if row.state not in COMPLETED or set(counts.trials) != {"failed"}:
        return ""
    usual = store.usual_failure(row.id)
    most = f", most often with {printable(usual[0], 200)} ({counted(usual[1], 'time')})" if usual else ""
    return f"every candidate failed: {counts.trials['failed']:,} of them{most}"


def not_reproducible(counts: Counts) -> str:
    """For a study in which a time limit has failed evaluations: that its results depend on the machine's load."""
    if not counts.late:
        return ""
    return f"not reproducible: {counted(counts.late, 'evaluation')} met limits.seconds three times"


FlatRow: Any = dataclasses.make_dataclass(
    "BoardRow", [*((key.name, key.type) for key in KEYS), ("choices", dict[str, Choice])], frozen=True
)
"""A row for programs: the values of all columns, null where no finished run gives any, and the choices by hole."""


@dataclasses.dataclass(frozen=True)
class BoardPage:
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
    rows: tuple[FlatRow, ...]


def board_page(standing: Standing, rows: Sequence[BoardRow], offset: int = 0, limit: int | None = None) -> BoardPage:
    """The part of the picked `rows` of a board that begins at `offset`; without a limit all that follow."""
    board = standing.board
    shown = rows[offset : None if limit is None else offset + limit]  # one slice: rows are made when they are taken
    return BoardPage(
        study=board.study,
        phase=board.phase,
        seeds=board.seeds,
        baseline=board.baseline,
        verdict=standing.verdict,
        decided=standing.decided,
        note=board.note,
        holes=board.holes,
        total=len(rows),
        left_out=len(board.rows) - len(shown),
        rows=tuple(FlatRow(**row_values(row), choices=dict(row.choices)) for row in shown),
    )
