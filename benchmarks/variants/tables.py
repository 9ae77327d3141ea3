"""The tables of the report of a study of one cell against others."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence

from archsearch.board import Comparison, Interval, Quartiles
from archsearch.board.intervals import mean
from archsearch.spelling import duration
from benchmarks.tables import Table
from benchmarks.variants.results import Draw, Place, TaskBoard
from benchmarks.variants.study import Failed, Record, Work

BANDS = 4
"""Parts, equal on a logarithmic scale, that the range of learning rates is shown in."""


def cells(record: Record) -> Table:
    """Sizes."""
    boards = record.found.boards
    rows = [
        (cell, *(f"{place.setting.hidden_size}; {_count(place.row.parameters)}" for place in _places(boards, cell)))
        for cell in sorted(record.found.cells)
    ]
    note = "Hidden size; parameters, those of the output layer included."
    return Table("Cells", note, ("cell", *(board.label for board in boards)), rows)


def tasks(record: Record) -> Table:
    """Options."""
    rows = []
    for board in record.found.boards:
        options = ", ".join(f"{name} {value}" for name, value in board.task.items() if name != "name")
        rows.append((board.label, f"`{board.task['name']}`", options, f"{board.trivial:.2f}", f"{board.budget:,}"))
    note = "What a task asks, its source and what counts as solved: the docstrings of `archsearch/tasks`."
    return Table("Tasks", note, ("label", "task", "options", "blind guess", "sequences"), rows, words=3)


def board(of: TaskBoard) -> Table:
    """The ranking on a task."""
    head = ("#", "cell", "objective", "95 %", "solved", "95 %", "to solve", "learning rate", "test")
    note = (
        f"Report phase, {of.seeds} seeds. *to solve*: training sequences, the median over seeds; > where that seed"
        " does not solve the task in its budget. These intervals are of single means and shares, not corrected."
    )
    return Table("Board", note, head, [_board_row(place) for place in of.places], words=2)


def _board_row(place: Place) -> tuple[str, ...]:
    row = place.row
    share = "" if row.solved_interval is None else _interval(row.solved_interval, 2)
    objective = (_fixed(row.objective, 3), "" if row.interval is None else _interval(row.interval, 3))
    solved = (f"{row.solved}/{row.seeds}", share, _to_solve(row.sequences))
    return (str(row.rank), place.cell, *objective, *solved, _rate(place.setting.learning_rate), _fixed(row.test, 3))


def against(record: Record, of: TaskBoard) -> Table:
    """Comparisons with the reference on a task."""
    compared = [(place, place.against) for place in of.places if place.against is not None]
    rows = [_against_row(place, found) for place, found in sorted(compared, key=lambda pair: -pair[1].difference)]
    reference = record.found.reference
    note = f"Differences of the objective to `{reference}`, paired by seed; intervals corrected for all comparisons."
    return Table(f"Against {reference}", note, ("cell", "difference", "corrected interval", "verdict"), rows)


def _against_row(place: Place, found: Comparison) -> tuple[str, ...]:
    interval = "" if found.interval is None else f"{found.interval.low:+.3f} to {found.interval.high:+.3f}"
    return (place.cell, f"{found.difference:+.3f}", interval, found.outcome)


def rates(record: Record, of: TaskBoard) -> Table:
    """Search scores by learning rate on a task."""
    bands = _bands(*record.rates)
    rows = []
    for place in sorted(of.places, key=lambda place: place.cell):
        spread = _spread([draw.objective for draw in place.draws])
        rows.append((place.cell, *(_band(place.draws, band) for band in bands), *spread))
    note = (
        f"Search scores of all {record.draws} draws of each cell: the mean objective of those in each band of learning"
        " rates (how many), then the worst, the median and the best of all. The best of many looks better than it is."
    )
    head = ("cell", *(f"{_rate(low)} to {_rate(high)}" for low, high in bands), "worst", "median", "best")
    return Table("How much the learning rate matters", note, head, rows)


def _bands(low: float, high: float) -> list[tuple[float, float]]:
    ends = [low * math.exp(math.log(high / low) * part / BANDS) for part in range(BANDS)]
    return list(zip(ends, [*ends[1:], high], strict=True))


def _band(draws: Sequence[Draw], band: tuple[float, float]) -> str:
    low, high = band
    inside = [draw.objective for draw in draws if low <= draw.learning_rate <= high]
    return f"{mean(inside):.2f} ({len(inside)})" if inside else ""


def _spread(values: Sequence[float]) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" for value in (min(values), statistics.median(values), max(values)))


def ranks(record: Record) -> Table:
    """Ranks over all tasks."""
    found = record.found
    rows = [
        (cell, f"{found.mean_rank(cell):.1f}", *(str(place.row.rank) for place in _places(found.boards, cell)))
        for cell in found.cells
    ]
    note = "By the mean objective. A rank does not say how close cells are: where none solves a task, it is chance."
    return Table("", note, ("cell", "mean rank", *(board.label for board in found.boards)), rows)


def failures(failed: Sequence[Failed]) -> Table:
    """What failed, how often."""
    rows = [
        (each.task, each.cell, each.phase, each.kind, _quoted(each.reason), "yes" if each.final else "no", str(count))
        for each, count in Counter(failed).items()
    ]
    head = ("task", "cell", "phase", "kind", "reason", "counted", "times")
    note = "What is counted has the score of the blind guess; the rest was tried again." if rows else "None."
    return Table("", note, head, rows, words=6)


def machine(work: Work) -> Table:
    """Where it ran, and how long."""
    found: dict[str, list[object]] = {}
    for environment in work.environments:
        for name, value in environment.items():
            values = found.setdefault(name, [])
            values += [value] if value not in values else []
    rows = [
        *((name.replace("_", " "), "; ".join(map(_plain, values))) for name, values in found.items()),
        ("backend", ", ".join(work.backends)),
        ("evaluations", f"{work.evaluations:,}"),
        ("their time together", duration(work.seconds)),
        ("time of one, on average", f"{work.seconds / work.evaluations:.1f} s"),
    ]
    return Table("", "", ("what", "value"), rows, words=2)


# --- numbers


def _places(boards: Sequence[TaskBoard], cell: str) -> list[Place]:
    return [board.place(cell) for board in boards]


def _plain(value: object) -> str:
    return " ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _quoted(text: str) -> str:
    """A text that stays inside its column."""
    return " ".join(text.replace("|", "/").split())


def _fixed(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _interval(interval: Interval, digits: int) -> str:
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}"


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _rate(value: float) -> str:
    return f"{value:.2g}"


def _to_solve(quartiles: Quartiles | None) -> str:
    if quartiles is None:
        return ""
    if quartiles.median is not None:
        return f"{quartiles.median:,.0f}"
    return "never" if quartiles.budget is None else f"> {quartiles.budget:,}"
