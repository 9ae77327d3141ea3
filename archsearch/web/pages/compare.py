"""Two to four cells side by side, shipped or from studies."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import HTMLResponse

from archsearch.api.parameters import OwnSize, ReaderHere
from archsearch.errors import InvalidInput, Problem, counted
from archsearch.findings.candidates import sizes_of
from archsearch.findings.differences import CellComparison, compare_cells
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.schema.phases import PHASES, WITH_BASELINES, Phase
from archsearch.schema.sizes import Sizes
from archsearch.server.table import Table
from archsearch.space.library import cell_names
from archsearch.store.store import Store
from archsearch.study.entries import Entry, find_entry
from archsearch.study.stored import plan_of
from archsearch.web.answers import page
from archsearch.web.charts import Chart, Series
from archsearch.web.pages.cells import Items, Name
from archsearch.web.views.items import Item, find_item
from archsearch.web.views.scores import PhaseScores, learning_chart, mean_curve, scores_of

ROUTES = Table()

FEWEST, MOST = 2, 4


@ROUTES.get("/compare")
async def show_comparison(
    reader: ReaderHere, item: Items = None, input_size: OwnSize = None, hidden_size: OwnSize = None, text: Name = ""
) -> HTMLResponse:
    """Compare the cells that are named; where that cannot be done, say why and ask again.

    `text` comes with the gallery's form, and has no effect.
    """
    items = [text for text in item or () if text]

    def draw(store: Store) -> HTMLResponse:
        compared, problem = None, None
        try:
            compared = compare_items(store, list(dict.fromkeys(items)), input_size, hidden_size, reader.tasks_from)
        except InvalidInput as error:
            problem = error.problems[0]
        return page(
            "compare.html",
            200 if compared else 422,
            compared=compared,
            problem=problem,
            items=items,
            input_size=input_size,
            hidden_size=hidden_size,
            names_known=cell_names(),
            most=MOST,
        )

    return await reader.explain(draw)


@dataclasses.dataclass(frozen=True)
class ComparedItem:
    """One of the cells, and its scores by phase.

    `trained` is what the scores are of: for a shipped cell a baseline, where the others are of one study that has it
    as one.
    """

    item: Item
    trained: Entry | None
    scores: tuple[PhaseScores, ...]

    @property
    def lent(self) -> bool:
        """Whether the scores are those of a baseline, which is this shipped cell in the study of the others."""
        return self.item.entry is None and self.trained is not None

    def score(self, phase: Phase) -> PhaseScores | None:
        """The scores in a phase, None where there are none."""
        return next((scores for scores in self.scores if scores.phase == phase and scores.row), None)


@dataclasses.dataclass(frozen=True)
class ComparisonPage:
    """The cells side by side; `note` is said below the costs.

    `unlike` says why scores are not shown where no two of the cells were trained for the same.
    """

    compared: tuple[ComparedItem, ...]
    comparison: CellComparison
    note: str
    task: str
    unlike: str

    @property
    def names(self) -> tuple[str, ...]:
        """What the cells are called, the same name twice with its place."""
        plain = [one.item.name for one in self.compared]
        return tuple(
            f"{name} ({place})" if plain.count(name) > 1 else name for place, name in enumerate(plain, start=1)
        )

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases in which one of the cells has scores, the latest first."""
        phases = () if self.unlike else reversed(PHASES)
        return tuple(phase for phase in phases if any(one.score(phase) for one in self.compared))

    @property
    def curves(self) -> Chart | None:
        """The mean curve of each cell in its latest phase."""
        lines = []
        for place, one in enumerate(() if self.unlike else self.compared):
            latest = next((phase for phase in one.scores if phase.scores), None)
            if latest is not None:
                name = f"{one.item.name} ({latest.phase}, {counted(len(latest.scores), 'seed')})"
                lines.append(Series(name, mean_curve(latest.scores), colour=place))
        if not lines:
            return None
        title = "Mean over seeds, a solved one counting 1 from then on"
        if len(lines) == 1:
            title = f"{lines[0].name}: mean over seeds"
        return learning_chart(title, tuple(lines))


def compare_items(
    store: Store, texts: Sequence[str], input_size: int | None, hidden_size: int | None, tasks_from: Path | None
) -> ComparisonPage:
    """The cells that an address names; `InvalidInput` for an unknown one, and for fewer or more than can be shown.

    Costs are those at the sizes given, else at those in which a cell is trained; for a cell that is not, of the first
    that is.
    """
    if not FEWEST <= len(texts) <= MOST:
        many = "no cell is" if not texts else "one cell is" if len(texts) == 1 else f"{len(texts)} cells are"
        raise InvalidInput(Problem(("query", "item"), f"{many} chosen", f"allowed: {FEWEST} to {MOST} different ones"))
    items = [find_item(store, text) for text in texts]
    compared = tuple(
        ComparedItem(item, entry, () if entry is None else scores_of(store, entry, tasks_from))
        for item, entry in zip(items, _trained(store, items), strict=True)
    )
    sizes, note = _sizes([one.trained for one in compared], input_size, hidden_size, tasks_from)
    task, unlike = _common(compared)
    return ComparisonPage(compared, compare_cells([item.cell for item in items], sizes), note, task, unlike)


def _trained(store: Store, items: Sequence[Item]) -> list[Entry | None]:
    """The entry of each: for a shipped cell the baseline of its name and architecture, if the others are of one study.

    A candidate beside `lstm` is compared with the `lstm` that its study has trained.
    """
    rows = {item.entry.row.id: item.entry.row for item in items if item.entry is not None}
    if len(rows) != 1:
        return [item.entry for item in items]
    (row,) = rows.values()
    known = {label: spec_id for phase in WITH_BASELINES for label, spec_id, _ in store.baselines(row.id, phase)}

    def lent(item: Item) -> Entry | None:
        entry = find_entry(store, row, known[item.name]) if item.name in known else None
        return entry if entry is not None and entry.spec.arch_id == arch_id(lower(item.cell)) else None

    return [item.entry or lent(item) for item in items]


def _sizes(
    trained: Sequence[Entry | None], input_size: int | None, hidden_size: int | None, tasks_from: Path | None
) -> tuple[list[Sizes], str]:
    """The sizes of each cell, and what is to be said of them."""
    own = [None if entry is None else sizes_of(entry, tasks_from) for entry in trained]
    usual = next((sizes for sizes, _ in filter(None, own)), Sizes())
    notes = [] if input_size else [note for _, note in filter(None, own) if note]
    sizes = [usual if known is None else known[0] for known in own]
    asked = [Sizes(input_size or size.input_size, hidden_size or size.hidden_size) for size in sizes]
    return asked, " ".join(dict.fromkeys(notes))


def _common(compared: Sequence[ComparedItem]) -> tuple[str, str]:
    """The task of those that were trained, and why their scores cannot be compared where they cannot."""
    entries = [one.item.entry for one in compared if one.item.entry is not None]
    tasks = {plan_of(entry.row).task_words: None for entry in entries}
    budgets = {phase.budget for one in compared for phase in one.scores if phase.budget is not None}
    apart = "so their scores are not set side by side."
    if len(tasks) > 1:
        return "", f"They were trained for different tasks ({'; '.join(tasks)}), {apart}"
    if len(budgets) > 1:
        numbers = " and ".join(f"{budget:,}" for budget in sorted(budgets))
        return "", f"They were trained with different numbers of sequences ({numbers}), {apart}"
    return "".join(tasks), ""
