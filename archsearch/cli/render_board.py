"""The board as a table that fits the terminal, with the verdict beneath."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.spelling import compact, counted, duration

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.board import Board, BoardRow, Interval, Quartiles
    from archsearch.study.standing import Standing

_GAP = 2
_NARROWEST = 24
"""Columns that the architecture needs at least; longer lines are folded."""


@dataclasses.dataclass(frozen=True)
class _Column:
    """A column's heading (`>`: numbers), its text for a row, and what it means where that is not plain."""

    heading: str
    read: Callable[[BoardRow], str]
    meaning: str = ""


def draw_board(console: Console, standing: Standing) -> None:
    """Print a board with as many columns as fit, the verdict and what the columns mean."""
    board = standing.board
    console.print(Text(_title(board), "bold"))
    if not board.rows:
        console.print(Text(_nothing(standing)))
    else:
        columns = _fitting(_columns(board), board.rows, console.width)
        print_table(console, _table(columns, board))
        if standing.left_out:
            console.print(Text(f"{counted(standing.left_out, 'row')} not shown; --limit shows more", "dim"))
        console.print()
    if board.note:
        console.print(Text(board.note, "yellow"))
    console.print(Text(_verdict(standing), "bold"))
    if board.rows:
        meanings = [column.meaning for column in columns if column.meaning]
        console.print(Text("; ".join(meanings), "dim"))


def _title(board: Board) -> str:
    seeds = f", {counted(board.seeds, 'seed')} each" if board.rows else ""
    return f"{visible(board.study)}: {board.phase} phase{seeds}"


def _nothing(standing: Standing) -> str:
    return "no row passes the filters" if standing.left_out else "nothing has been evaluated yet"


def _verdict(standing: Standing) -> str:
    """The verdict; beside the scores of another phase it says that it is not about these."""
    decided = standing.board.phase == "report" or not standing.decided
    return visible(standing.verdict if decided else f"report phase: {standing.verdict}")


def _columns(board: Board) -> list[_Column]:
    """All columns with something to say, the most important first; the first two are always shown."""
    rows = board.rows
    digits = _digits(rows)
    columns = [
        _Column(">#", lambda row: str(row.rank)),
        _Column("architecture", _architecture),
        _Column(
            ">objective",
            lambda row: _objective(row, digits),
            "objective: mean validation score over the budget (1 once solved), ± 95 % interval over seeds",
        ),
        _Column(">solved", lambda row: f"{row.solved}/{row.seeds}" if row.seeds else ""),
    ]
    if any(row.failed for row in rows):
        columns.append(_Column(">failed", lambda row: str(row.failed or "")))
    if any(row.pruned and row.seeds for row in rows):
        columns.append(_Column(">pruned", lambda row: str(row.pruned or "")))
    columns.append(_Column(">to solve", _sequences, "to solve: training sequences, median [quartiles]"))
    columns.append(_Column(">params", lambda row: _number(row.parameters)))
    if board.baseline:
        columns.append(_Column(">ratio", _ratio, f"ratio: to {visible(board.baseline)}, the best baseline"))
    if any(row.test is not None for row in rows):
        columns.append(_Column(">test", lambda row: "" if row.test is None else f"{row.test:.3f}"))
    if any(row.comparison for row in rows):
        columns.append(_Column(">difference", _difference, "difference: to it, paired by seed, corrected interval"))
    return [
        *columns,
        _Column(">stages", lambda row: _number(row.stages)),
        _Column(">per step", lambda row: _number(row.operations), "per step: multiply-adds and pointwise operations"),
        _Column(">time", lambda row: "" if row.seconds is None else duration(row.seconds)),
        _Column("arch", lambda row: row.arch_id),
    ]


def _fitting(columns: list[_Column], rows: Sequence[BoardRow], width: int) -> list[_Column]:
    """The columns that fit into `width`, taken in order; one that does not fit gives way to later ones."""
    line = min(max(_NARROWEST, *(cell_len(_architecture(row)) for row in rows)), max(_NARROWEST, width * 3 // 10))
    room = width - line
    chosen = []
    for index, column in enumerate(columns):
        needed = 0 if index == 1 else _GAP + max(cell_len(text) for text in _texts(column, rows))
        if index < 2 or needed <= room:
            chosen.append(column)
            room -= needed
    return chosen


def _texts(column: _Column, rows: Sequence[BoardRow]) -> list[str]:
    return [column.heading.removeprefix(">"), *(column.read(row) for row in rows)]


def _table(columns: Sequence[_Column], board: Board) -> Table:
    table = plain_table(*(column.heading for column in columns))
    for index, column in enumerate(table.columns):
        column.no_wrap = index != 1
    for row in board.rows:
        style = "cyan" if row.role == "baseline" else ""
        table.add_row(*(Text(column.read(row), style) for column in columns))
    return table


def _architecture(row: BoardRow) -> str:
    name = f"{row.label or row.line} (baseline)" if row.role == "baseline" else row.line
    return visible(name or row.spec_id)


def _digits(rows: Sequence[BoardRow]) -> int:
    """Two digits where every interval is wider than the second one, else three."""
    halves = [_half(row.interval) for row in rows if row.interval is not None]
    return 2 if halves and min(halves) >= 0.01 else 3


def _objective(row: BoardRow, digits: int) -> str:
    if row.objective is None:
        return "pruned" if row.pruned else ""
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
