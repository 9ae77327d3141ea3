"""All that is shown of a candidate or baseline: what it is, how it scored, what sets it apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from archsearch.findings.candidates import CandidateFinding, candidate_of
from archsearch.findings.differences import CellComparison, compare_cells
from archsearch.schema.phases import WITH_BASELINES
from archsearch.schema.sizes import Sizes
from archsearch.schema.states import AT_REST
from archsearch.store import EntryRow
from archsearch.store.store import Store
from archsearch.study.entries import Entry
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.items import Item, find_shipped, item_of
from archsearch.web.views.scores import PhaseScores, curves, scores_of


@dataclasses.dataclass(frozen=True)
class CandidatePage:
    """A spec of a study.

    `nearest` is the textbook cell that it is set beside; `difference` is None where the two are the same, equation by
    equation. `rivals` are the baselines of the study.
    """

    candidate: CandidateFinding
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


def candidate_page(store: Store, entry: Entry, tasks_from: Path | None = None) -> CandidatePage:
    """All that is known of a spec of a study."""
    candidate, item = candidate_of(store, entry, tasks_from), item_of(entry)
    cell, scores = candidate.cell, scores_of(store, entry, tasks_from)
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
        rivals=tuple(_rivals(store, entry)),
        scores=scores,
        curves=curves(scores),
        task=plan_of(entry.row).task_words,
    )


def _rivals(store: Store, entry: Entry) -> Sequence[EntryRow]:
    """The baselines of the latest phase that has any, but itself."""
    for phase in reversed(WITH_BASELINES):
        baselines = [other for other in store.entries(entry.row.id, phase) if other.role == "baseline"]
        if baselines:
            return [other for other in baselines if other.spec_id != entry.spec.spec_id]
    return ()
