"""The board's columns as people read them: on a terminal and on a page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from archsearch.board.intervals import Interval, Quartiles
from archsearch.board.ranking import Board, BoardRow
from archsearch.spelling import compact, duration


@dataclasses.dataclass(frozen=True)
class Spelling:
    """A column's heading, its text for a row, and what it means where that is not plain.

    `name` is that of `table.COLUMNS`; texts of rows and meanings may hold what a study file says: make it visible.
    """

    name: str
    heading: str
    text: Callable[[BoardRow], str]
    meaning: str = ""
    number: bool = True


def spell_columns(board: Board) -> list[Spelling]:
    """All columns with something to say, the most important first; the first two are the rank and the architecture."""
    rows = board.rows
    digits = _digits(rows)
    columns = [
        Spelling("rank", "#", lambda row: str(row.rank)),
        Spelling("line", "architecture", architecture, number=False),
        Spelling(
            "objective",
            "objective",
            lambda row: _objective(row, digits),
            "objective: mean validation score over the budget (1 once solved), ± 95 % interval over seeds",
        ),
        Spelling("solved", "solved", lambda row: f"{row.solved}/{row.seeds}" if row.seeds else ""),
    ]
    if any(row.failed for row in rows):
        columns.append(Spelling("failed", "failed", lambda row: str(row.failed or "")))
    if any(row.pruned and row.seeds for row in rows):
        columns.append(Spelling("pruned", "pruned", lambda row: str(row.pruned or "")))
    return [*columns, *_later_columns(board, rows)]


def _later_columns(board: Board, rows: Sequence[BoardRow]) -> Iterable[Spelling]:
    yield Spelling("sequences", "to solve", _sequences, "to solve: training sequences, median [quartiles]")
    yield Spelling("parameters", "params", lambda row: _number(row.parameters))
    if board.baseline:
        yield Spelling("ratio", "ratio", _ratio, f"ratio: to {board.baseline}, the best baseline")
    if any(row.test is not None for row in rows):
        yield Spelling("test", "test", lambda row: "" if row.test is None else f"{row.test:.3f}")
    if any(row.comparison for row in rows):
        meaning = "difference: to it, paired by seed, corrected interval"
        yield Spelling("difference", "difference", _difference, meaning)
    yield Spelling("stages", "stages", lambda row: _number(row.stages))
    meaning = "per step: multiply-adds and pointwise operations"
    yield Spelling("operations", "per step", lambda row: _number(row.operations), meaning)
    yield Spelling("seconds", "time", lambda row: "" if row.seconds is None else duration(row.seconds))
    yield Spelling("arch", "arch", lambda row: row.arch_id, number=False)


def architecture(row: BoardRow) -> str:
    """What an entry is called."""
    name = f"{row.label or row.line} (baseline)" if row.role == "baseline" else row.line
    return name or row.spec_id


def _digits(rows: Sequence[BoardRow]) -> int:
    """Two digits where every interval is wider than the second one, else three."""
    halves = [_half(row.interval) for row in rows if row.interval is not None]
    return 2 if halves and min(halves) >= 0.01 else 3


def _objective(row: BoardRow, digits: int) -> str:
    if row.objective is None:
        return "pruned" if row.pruned else "none yet"
    if row.interval is None:
        return f"{row.objective:.{digits}f}"
    return f"{row.objective:.{digits}f} ± {_half(row.interval):.{digits}f}"


def _half(interval: Interval) -> float:
    return (interval.high - interval.low) / 2


def _sequences(row: BoardRow) -> str:
    found = row.sequences
    if found is None:
        return ""
    if row.seeds == 1 or found.q1 is None:
        return _count(found.median, found)
    return f"{_count(found.median, found)} [{_count(found.q1, found)}, {_count(found.q3, found)}]"


def _count(value: float | None, found: Quartiles) -> str:
    if value is not None:
        return compact(value)
    return "never" if found.budget is None else f">{compact(found.budget)}"


def _ratio(row: BoardRow) -> str:
    return "" if row.ratio is None else f"{row.ratio:.2f}"


def _difference(row: BoardRow) -> str:
    found = row.comparison
    if found is None:
        return ""
    if found.interval is None:
        return f"{found.difference:+.3f}"
    return f"{found.difference:+.3f} [{found.interval.low:+.3f}, {found.interval.high:+.3f}]"


def _number(value: float | None) -> str:
    return "" if value is None else compact(value)
