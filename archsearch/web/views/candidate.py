"""A candidate or baseline of a study: what it is, how it scored, what sets it apart."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archsearch.errors import printable
from archsearch.schema.phases import WITH_BASELINES
from archsearch.schema.states import AT_REST
from archsearch.study.entries import Entry, find_entry
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.cells import Anatomy, anatomy
from archsearch.web.views.differences import SideBySide, side_by_side
from archsearch.web.views.items import Item, find_shipped, item_of, sizes_of
from archsearch.web.views.scores import PhaseScores, curves, scores_of

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.board import Board
    from archsearch.schema.phases import Phase
    from archsearch.store import Choice, EntryRow, StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A spec of a study.

    `nearest` is the textbook cell that it is set beside; `difference` is None where the two are the same, equation by
    equation. `rivals` are the baselines of the study.
    """

    entry: Entry
    item: Item
    trial: int | None
    choices: Mapping[str, Choice]
    model: Mapping[str, Any]
    training: Mapping[str, Any]
    anatomy: Anatomy
    nearest: Item | None
    difference: SideBySide | None
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
class Place:
    """Its rank on the board of a phase, of so many rows."""

    phase: Phase
    rank: int
    of: int


def candidate_of(store: Store, row: StudyRow, spec_id: str, tasks_from: Path | None = None) -> Candidate | None:
    """All that is known of a spec; None when it takes no part in the study."""
    entry = find_entry(store, row, spec_id)
    if entry is None:
        return None
    item = item_of(entry)
    trial = store.trial_of_spec(row.id, spec_id)
    sizes, note = sizes_of(entry, tasks_from)
    found = anatomy(item, sizes.input_size, sizes.hidden_size)
    scores = scores_of(store, entry, tasks_from)
    nearest = None if found.found.nearest is None else find_shipped(found.found.nearest.name)
    same_text = nearest is not None and nearest.cell.equations == item.cell.equations
    return Candidate(
        entry=entry,
        item=item,
        trial=None if trial is None else trial.number,
        choices={} if trial is None else trial.choices,
        model=entry.parts["model"],
        training=entry.parts["training"],
        anatomy=found,
        nearest=nearest,
        difference=None
        if nearest is None or same_text
        else side_by_side([item.cell, nearest.cell], [sizes, sizes], note),
        rivals=_rivals(store, entry),
        scores=scores,
        curves=curves(scores),
        task=task_words(plan_of(row).task),
    )


def _rivals(store: Store, entry: Entry) -> tuple[EntryRow, ...]:
    """The baselines of the latest phase that has any, but itself."""
    for phase in reversed(WITH_BASELINES):
        found = [each for each in store.entries(entry.row.id, phase) if each.role == "baseline"]
        if found:
            return tuple(each for each in found if each.spec_id != entry.spec.spec_id)
    return ()


def task_words(task: Mapping[str, Any]) -> str:
    """`temporal_order, length 40, markers 2`."""
    options = ", ".join(
        f"{name} {value}" for name, value in sorted(task.items()) if name not in ("name", "data", "file")
    )
    return printable(f"{task['name']}, {options}" if options else str(task["name"]), limit=300)


def places_of(boards: Iterable[Board], spec_id: str) -> tuple[Place, ...]:
    """The ranks of a spec on boards, in their order."""
    return tuple(
        Place(board.phase, row.rank, len(board.rows))
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
