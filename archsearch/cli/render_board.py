"""The board as a table that fits the terminal, with the verdict beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.findings.columns import ShownColumn, architecture, shown_columns
from archsearch.spelling import counted

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.board import Board, BoardRow
    from archsearch.findings.standing import Standing

_GAP = 2
_NARROWEST = 24
"""Columns that the architecture needs at least; longer lines are folded."""


def draw_board(console: Console, standing: Standing) -> None:
    """Print a board with as many columns as fit, the verdict and what the columns mean."""
    board = standing.board
    console.print(Text(_title(board), "bold"))
    if not board.rows:
        console.print(Text(_nothing(standing)))
    else:
        columns = _fitting(shown_columns(board), board.rows, console.width)
        print_table(console, _table(columns, board))
        if standing.left_out:
            console.print(Text(f"{counted(standing.left_out, 'row')} not shown, because of --filter or --limit", "dim"))
        console.print()
    if board.note:
        console.print(Text(board.note, "yellow"))
    console.print(Text(visible(standing.shown_verdict), "bold"))
    if board.rows:
        meanings = [visible(column.meaning) for column in columns if column.meaning]
        console.print(Text("; ".join(meanings), "dim"))


def _title(board: Board) -> str:
    seeds = f", {counted(board.seeds, 'seed')} each" if board.rows else ""
    return f"{visible(board.study)}: {board.phase} phase{seeds}"


def _nothing(standing: Standing) -> str:
    return "no row passes the filters" if standing.left_out else "nothing has been evaluated yet"


def _fitting(columns: list[ShownColumn], rows: Sequence[BoardRow], width: int) -> list[ShownColumn]:
    """The columns that fit into `width`, taken in order; one that does not fit gives way to later ones."""
    line = min(
        max(_NARROWEST, *(cell_len(visible(architecture(row))) for row in rows)), max(_NARROWEST, width * 3 // 10)
    )
    room = width - line
    chosen = []
    for index, column in enumerate(columns):
        needed = 0 if index == 1 else _GAP + max(cell_len(text) for text in _texts(column, rows))
        if index < 2 or needed <= room:
            chosen.append(column)
            room -= needed
    return chosen


def _texts(column: ShownColumn, rows: Sequence[BoardRow]) -> list[str]:
    return [column.heading, *(visible(column.text(row)) for row in rows)]


def _table(columns: Sequence[ShownColumn], board: Board) -> Table:
    table = plain_table(*(f">{column.heading}" if column.number else column.heading for column in columns))
    for index, column in enumerate(table.columns):
        column.no_wrap = index != 1
    for row in board.rows:
        style = "cyan" if row.role == "baseline" else ""
        table.add_row(*(Text(visible(column.text(row)), style) for column in columns))
    return table
