"""Two to four cells side by side, shipped or from studies."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archsearch.errors import InvalidInput, Problem, counted
from archsearch.explain.viewed import identity
from archsearch.findings.candidates import sizes_of
from archsearch.findings.differences import CellComparison, compare_cells
from archsearch.ir import lower
from archsearch.schema.phases import PHASES, WITH_BASELINES, Phase
from archsearch.schema.sizes import Sizes
from archsearch.study.entries import Entry, find_entry
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart, Line
from archsearch.web.views.candidate import task_words
from archsearch.web.views.items import Item, find_item
from archsearch.web.views.scores import PhaseScores, mean_curve, scores_of

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.store.store import Store

FEWEST, MOST = 2, 4


@dataclasses.dataclass(frozen=True)
class PhaseRow:
    """The scores of each cell in a phase; None where it has none."""

    phase: Phase
    scores: tuple[PhaseScores | None, ...]


@dataclasses.dataclass(frozen=True)
class ComparisonPage:
    """The cells side by side. `phases` and `curves` are empty where no two of them were trained for the same.

    `note` is said below the costs. `trained` is what the scores of each are of: for a shipped cell a baseline, where
    the others are of one study that has it as one.
    """

    items: tuple[Item, ...]
    trained: tuple[Entry | None, ...]
    comparison: CellComparison
    note: str
    phases: tuple[PhaseRow, ...]
    task: str
    unlike: str
    curves: Chart | None

    @property
    def names(self) -> tuple[str, ...]:
        """What the cells are called, the same name twice with its place."""
        plain = [item.name for item in self.items]
        return tuple(
            f"{name} ({place})" if plain.count(name) > 1 else name for place, name in enumerate(plain, start=1)
        )

    @property
    def lent(self) -> tuple[tuple[str, Entry], ...]:
        """The shipped cells that show the scores of a baseline, which is the same cell in the study of the others."""
        each = zip(self.names, self.items, self.trained, strict=True)
        return tuple((name, entry) for name, item, entry in each if entry is not None and item.entry is None)


def compare_items(
    store: Store,
    texts: Sequence[str],
    input_size: int | None = None,
    hidden_size: int | None = None,
    tasks_from: Path | None = None,
) -> ComparisonPage:
    """The cells that an address names; `InvalidInput` for an unknown one, and for fewer or more than can be shown.

    Costs are those at the sizes given, else at those in which a cell is trained; for a cell that is not, of the first
    that is.
    """
    items = find_items(store, texts)
    trained = _trained(store, items)
    scores = [() if entry is None else scores_of(store, entry, tasks_from) for entry in trained]
    task, unlike = _common(items, scores)
    shown = [()] * len(items) if unlike else scores
    sizes, note = _sizes(trained, input_size, hidden_size, tasks_from)
    return ComparisonPage(
        items=items,
        trained=trained,
        comparison=compare_cells([item.cell for item in items], sizes),
        note=note,
        phases=tuple(_phases(shown)),
        task=task,
        unlike=unlike,
        curves=_curves(items, shown),
    )


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


def find_items(store: Store, texts: Sequence[str]) -> tuple[Item, ...]:
    """The cells that an address names, each once."""
    wanted = list(dict.fromkeys(texts))
    if not FEWEST <= len(wanted) <= MOST:
        many = "no cell is" if not wanted else "one cell is" if len(wanted) == 1 else f"{len(wanted)} cells are"
        raise InvalidInput(Problem(("query", "item"), f"{many} chosen", f"allowed: {FEWEST} to {MOST} different ones"))
    return tuple(find_item(store, text) for text in wanted)


def _trained(store: Store, items: Sequence[Item]) -> tuple[Entry | None, ...]:
    """The entry of each: for a shipped cell the baseline of its name and architecture, if the others are of one study.

    A candidate beside `lstm` is compared with the `lstm` that its study has trained.
    """
    rows = {item.entry.row.id: item.entry.row for item in items if item.entry is not None}
    if len(rows) != 1:
        return tuple(item.entry for item in items)
    (row,) = rows.values()
    known = {label: spec_id for phase in WITH_BASELINES for label, spec_id, _ in store.baselines(row.id, phase)}

    def lent(item: Item) -> Entry | None:
        entry = find_entry(store, row, known[item.name]) if item.name in known else None
        return entry if entry is not None and entry.spec.arch_id == identity(lower(item.cell)) else None

    return tuple(item.entry or lent(item) for item in items)


def _common(items: Sequence[Item], scores: Sequence[Sequence[PhaseScores]]) -> tuple[str, str]:
    """The task of those that were trained, and why their scores cannot be compared where they cannot."""
    tasks = {task_words(plan_of(item.entry.row).task): None for item in items if item.entry is not None}
    budgets = {phase.budget for found in scores for phase in found if phase.budget is not None}
    apart = "so their scores are not set side by side."
    if len(tasks) > 1:
        return "", f"They were trained for different tasks ({'; '.join(tasks)}), {apart}"
    if len(budgets) > 1:
        numbers = " and ".join(f"{budget:,}" for budget in sorted(budgets))
        return "", f"They were trained with different numbers of sequences ({numbers}), {apart}"
    return "".join(tasks), ""


def _phases(scores: Sequence[Sequence[PhaseScores]]) -> list[PhaseRow]:
    found = []
    for phase in reversed(PHASES):
        row = tuple(next((each for each in phases if each.phase == phase and each.row), None) for phases in scores)
        if any(row):
            found.append(PhaseRow(phase, row))
    return found


def _curves(items: Sequence[Item], scores: Sequence[Sequence[PhaseScores]]) -> Chart | None:
    """The mean curve of each in its latest phase."""
    lines = []
    for place, (item, phases) in enumerate(zip(items, scores, strict=True)):
        latest = next((phase for phase in phases if phase.scores), None)
        if latest is not None:
            name = f"{item.name} ({latest.phase}, {counted(len(latest.scores), 'seed')})"
            lines.append(Line(name, mean_curve(latest.scores), colour=place))
    if not lines:
        return None
    title = "Mean over seeds, a solved one counting 1 from then on"
    if len(lines) == 1:
        title = f"{lines[0].name}: mean over seeds"
    return Chart(title, "training sequences", "validation score", tuple(lines), 0.0, 1.0)
