"""Two to four cells side by side, shipped or from studies."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archsearch.errors import InvalidInput, Problem, counted
from archsearch.schema.phases import PHASES, WITH_BASELINES, Phase
from archsearch.schema.sizes import Sizes
from archsearch.study.entries import Entry, find_entry
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart, Line
from archsearch.web.views.candidate import task_words
from archsearch.web.views.differences import SideBySide, side_by_side
from archsearch.web.views.items import Item, find_item, sizes_of
from archsearch.web.views.scores import PhaseScores, mean_curve, scores_of

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.schema.cell import Cell
    from archsearch.store.store import Store

FEWEST, MOST = 2, 4


@dataclasses.dataclass(frozen=True)
class PhaseRow:
    """The scores of each cell in a phase; None where it has none."""

    phase: Phase
    scores: tuple[PhaseScores | None, ...]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The cells side by side. `phases` and `curves` are empty where no two of them were trained for the same.

    `trained` is what the scores of each are of: for a shipped cell a baseline, where the others are of one study that
    has it as one.
    """

    items: tuple[Item, ...]
    trained: tuple[Entry | None, ...]
    arch_ids: tuple[str, ...]
    cells: SideBySide
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
) -> Comparison:
    """The cells that an address names; `InvalidInput` for an unknown one, and for fewer or more than can be shown.

    Costs are those at the sizes given, else at those in which a cell is trained; for a cell that is not, of the first
    that is.
    """
    items = find_items(store, texts)
    from archsearch.explain.viewed import identity
    from archsearch.ir import lower

    cells = [item.cell for item in items]
    arch_ids = tuple(identity(lower(cell)) for cell in cells)
    trained = _trained(store, items, arch_ids)
    scores = [() if entry is None else scores_of(store, entry, tasks_from) for entry in trained]
    task, unlike = _common(items, scores)
    shown = [()] * len(items) if unlike else scores
    return Comparison(
        items=items,
        trained=trained,
        arch_ids=arch_ids,
        cells=_side_by_side(cells, trained, input_size, hidden_size, tasks_from),
        phases=tuple(_phases(shown)),
        task=task,
        unlike=unlike,
        curves=_curves(items, shown),
    )


def _side_by_side(
    cells: Sequence[Cell],
    trained: Sequence[Entry | None],
    input_size: int | None,
    hidden_size: int | None,
    tasks_from: Path | None,
) -> SideBySide:
    own = [None if entry is None else sizes_of(entry, tasks_from) for entry in trained]
    usual = next((sizes for sizes, _ in filter(None, own)), Sizes())
    found = [usual if each is None else each[0] for each in own]
    notes = [] if input_size else [note for _, note in filter(None, own) if note]
    sizes = [Sizes(input_size or each.input_size, hidden_size or each.hidden_size) for each in found]
    return side_by_side(cells, sizes, " ".join(dict.fromkeys(notes)))


def find_items(store: Store, texts: Sequence[str]) -> tuple[Item, ...]:
    """The cells that an address names, each once."""
    wanted = list(dict.fromkeys(texts))
    if not FEWEST <= len(wanted) <= MOST:
        many = "no cell is" if not wanted else "one cell is" if len(wanted) == 1 else f"{len(wanted)} cells are"
        raise InvalidInput(Problem(("query", "item"), f"{many} chosen", f"allowed: {FEWEST} to {MOST} different ones"))
    return tuple(find_item(store, text) for text in wanted)


def _trained(store: Store, items: Sequence[Item], arch_ids: Sequence[str]) -> tuple[Entry | None, ...]:
    """The entry of each: for a shipped cell the baseline of its name and architecture, if the others are of one study.

    Who sets a candidate beside `lstm` means the `lstm` that its study has trained.
    """
    rows = {item.entry.row.id: item.entry.row for item in items if item.entry is not None}
    if len(rows) != 1:
        return tuple(item.entry for item in items)
    (row,) = rows.values()
    known = {label: spec_id for phase in WITH_BASELINES for label, spec_id, _ in store.baselines(row.id, phase)}

    def lent(item: Item, arch_id: str) -> Entry | None:
        entry = find_entry(store, row, known[item.name]) if item.name in known else None
        return entry if entry is not None and entry.spec.arch_id == arch_id else None

    return tuple(item.entry or lent(item, arch_id) for item, arch_id in zip(items, arch_ids, strict=True))


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
