"""The summary of a study of one cell against others: a table, and the sentences that its intervals allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archsearch.board import Interval
from benchmarks.tables import Table
from benchmarks.variants.results import Found, Place, TaskBoard

MARGIN = 0.1
"""A difference of the objective that would matter; where an interval lies within it, one so large is excluded."""

BETTER, WORSE = "▲", "▼"
DECIDED = ("better", "worse")


def summary_table(found: Found) -> Table:
    """A row per cell, a column per task: mean objective, half its interval, how many seeds solve the task."""
    rows = [
        (_named(cell, found), *(_cell_text(board, board.place(cell)) for board in found.boards)) for cell in found.cells
    ]
    return Table("", "", ("cell", *(board.label for board in found.boards)), rows)


def legend(found: Found) -> str:
    """What the table's numbers and signs mean."""
    (seeds,) = {board.seeds for board in found.boards}
    return (
        f"Mean objective over {seeds} fresh seeds (validation score over the budget, 1 once solved) ± half its 95 %"
        f" interval; how many seeds solve the task; bold: the highest mean. {BETTER} better, {WORSE} worse than"
        f" `{found.reference}`, seeds paired and intervals corrected for {found.comparisons} comparisons (Bonferroni)."
        " Cells stand in the order of their mean rank."
    )


def sentences(found: Found) -> list[str]:
    """What the data show, and what they do not, in a few sentences that claim nothing beyond the intervals."""
    return [text for text in (_best(found), _unsolved(found), _differences(found), _open(found), _sure(found)) if text]


def _named(cell: str, found: Found) -> str:
    return f"{cell} (reference)" if cell == found.reference else cell


def _cell_text(board: TaskBoard, place: Place) -> str:
    value = f"{place.row.objective:.2f}"
    mean = f"**{value}**" if place is board.places[0] else value
    sign = {"better": f" {BETTER}", "worse": f" {WORSE}"}.get(place.against.outcome if place.against else "", "")
    return f"{mean}{_half(place.row.interval)}, {place.row.solved}/{place.row.seeds}{sign}"


def _half(interval: Interval | None) -> str:
    return "" if interval is None else f" ± {(interval.high - interval.low) / 2:.2f}"


def _best(found: Found) -> str:
    """Who has the highest mean where."""
    tasks: dict[str, list[str]] = {}
    for board in found.boards:
        tasks.setdefault(board.places[0].cell, []).append(board.label)
    leads = _grouped(tasks, found)
    return f"The highest mean is that of {leads}; that says who leads, not that the lead is more than chance."


def _unsolved(found: Found) -> str:
    """Tasks without a single solved seed."""
    never = [board.label for board in found.boards if not any(place.row.solved for place in board.places)]
    return f"No cell solves {listed(never, last='or')} within the budget on any seed." if never else ""


def _differences(found: Found) -> str:
    """Who differs from the reference."""
    better, worse = (_grouped(_tasks_of(found, outcome), found) for outcome in ("better", "worse"))
    if not better and not worse:
        return f"No cell differs from {found.reference} on any task by more than may be chance."
    return f"Better than {found.reference}: {better or 'none'}. Worse: {worse or 'none'}."


def _open(found: Found) -> str:
    """What stays undecided, and how large a difference is excluded nevertheless."""
    intervals = [each.interval for _, _, each in found.compared() if each.outcome not in DECIDED]
    if not intervals:
        return f"Every one of the {found.comparisons} comparisons is decided."
    decided = {place.cell for _, place, each in found.compared() if each.outcome in DECIDED}
    never = [cell for cell in found.cells if cell not in decided and cell != found.reference]
    nowhere = f" ({listed(never)} on every task)" if never and decided else ""
    known = [interval for interval in intervals if interval is not None]
    small = sum(interval.low > -MARGIN and interval.high < MARGIN for interval in known)
    widest = max((max(-interval.low, interval.high) for interval in known), default=None)
    reach = "" if widest is None else f"; the widest interval reaches {widest:.2f}"
    return (
        f"{len(intervals)} of {found.comparisons} comparisons are undecided{nowhere}: these data show no difference"
        f" there, and exclude one of {MARGIN:g} or more in {small or 'none'} of them{reach}."
    )


def _sure(found: Found) -> str:
    """How sure that is."""
    return (
        f"As far as t intervals hold for {found.boards[0].seeds} seeds, a false verdict anywhere among these has a"
        " chance of at most 5 %; other sizes, budgets and tasks may order the cells otherwise."
    )


def _tasks_of(found: Found, outcome: str) -> dict[str, list[str]]:
    """The tasks on which each cell has this outcome; cells without any are left out."""
    tasks: dict[str, list[str]] = {cell: [] for cell in found.cells}
    for board, place, against in found.compared():
        if against.outcome == outcome:
            tasks[place.cell].append(board.label)
    return {cell: labels for cell, labels in tasks.items() if labels}


def _grouped(tasks: Mapping[str, Sequence[str]], found: Found) -> str:
    """`gru and mgu on every task; rnn on parity`: cells with the same tasks together, most tasks first."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for cell, labels in tasks.items():
        groups.setdefault(tuple(labels), []).append(cell)
    ordered = sorted(groups.items(), key=lambda group: -len(group[0]))
    return "; ".join(f"{listed(cells)} on {_where(labels, found)}" for labels, cells in ordered)


def _where(labels: Sequence[str], found: Found) -> str:
    return "every task" if len(labels) == len(found.boards) > 1 else listed(labels)


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
