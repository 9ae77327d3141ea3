"""A candidate or baseline of a study: what it is, how it scored, what sets it apart."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archsearch.errors import printable
from archsearch.findings import candidates
from archsearch.findings.candidates import Candidate
from archsearch.findings.differences import CellComparison, compare_cells
from archsearch.schema.phases import WITH_BASELINES
from archsearch.schema.sizes import Sizes
from archsearch.schema.states import AT_REST
from archsearch.study.entries import Entry, find_entry
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.items import Item, find_shipped, item_of
from archsearch.web.views.scores import PhaseScores, curves, scores_of

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.board import Board
    from archsearch.schema.phases import Phase
    from archsearch.store import EntryRow, StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class CandidatePage:
    """A spec of a study.

    `nearest` is the textbook cell that it is set beside; `difference` is None where the two are the same, equation by
    equation. `rivals` are the baselines of the study.
    """

    candidate: Candidate
    entry: Entry
    item: Item
    nearest: Item | None
    difference: CellComparison | None
    rivals: tuple[EntryRow, ...]
    scores: tuple[PhaseScores, ...]
    curves: tuple[Chart, ...]
    task: str

    @property
    def under_way(self) -> bool:
        """Whether more scores may come."""
        return self.entry.row.state not in AT_REST

    @property
    def best_known(self) -> PhaseScores | None:
        """The scores of the latest phase that has any."""
        return next((phase for phase in self.scores if phase.row is not None), None)


@dataclasses.dataclass(frozen=True)
class BoardPlace:
    """Its rank on the board of a phase, and the number of rows there."""

    phase: Phase
    rank: int
    of: int


def candidate_page(store: Store, row: StudyRow, spec_id: str, tasks_from: Path | None = None) -> CandidatePage | None:
    """All that is known of a spec; None when it takes no part in the study."""
    entry = find_entry(store, row, spec_id)
    if entry is None:
        return None
    candidate = candidates.candidate_of(store, entry, tasks_from)
    item, cell = item_of(entry), candidate.cell
    scores = scores_of(store, entry, tasks_from)
    nearest = None if cell.nearest is None else find_shipped(cell.nearest.name)
    difference = None
    if nearest is not None and nearest.cell.equations != item.cell.equations:
        difference = compare_cells([item.cell, nearest.cell], [Sizes(cell.input_size, cell.hidden_size)] * 2)
    return CandidatePage(
        candidate=candidate,
        entry=entry,
        item=item,
        nearest=nearest,
        difference=difference,
        rivals=_rivals(store, entry),
        scores=scores,
        curves=curves(scores),
        task=task_words(plan_of(row).task),
    )


def _rivals(store: Store, entry: Entry) -> tuple[EntryRow, ...]:
    """The baselines of the latest phase that has any, but itself."""
    for phase in reversed(WITH_BASELINES):
        baselines = [other for other in store.entries(entry.row.id, phase) if other.role == "baseline"]
        if baselines:
            return tuple(other for other in baselines if other.spec_id != entry.spec.spec_id)
    return ()


def task_words(task: Mapping[str, Any]) -> str:
    """`temporal_order, length 40, markers 2`."""
    options = ", ".join(
        f"{name} {value}" for name, value in sorted(task.items()) if name not in ("name", "data", "file")
    )
    return printable(f"{task['name']}, {options}" if options else str(task["name"]), limit=300)


def places_of(boards: Iterable[Board], spec_id: str) -> tuple[BoardPlace, ...]:
    """The ranks of a spec on boards, in their order."""
    return tuple(
        BoardPlace(board.phase, row.rank, len(board.rows))
        for board in boards
        for row in board.rows
        if row.spec_id == spec_id and row.seeds
    )


def commands_for(board: Board, spec_id: str) -> tuple[str, ...]:
    """The commands that show a spec: they find it by its rank on the latest phase's board, so there may be none."""
    rank = next((row.rank for row in board.rows if row.spec_id == spec_id), None)
    if rank is None:
        return ()
    which = f"--study {shlex.quote(board.study)} --rank {rank}"
    return (
        f"archsearch explain {which}",
        f"archsearch show {which} --yaml > cell.yaml",
        f"archsearch draw {which} -o cell.svg",
    )
