"""`archsearch board`: the ranking of a study as a table that fits the terminal, and the verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName, TasksFrom
from archsearch.cli.output import Record, chosen_form, visible
from archsearch.cli.series import show_studies
from archsearch.cli.tables import add_rows, plain_table, print_line, print_table
from archsearch.schema.phases import Phase
from archsearch.spelling import counted
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from archsearch.board import Board, BoardRow
    from archsearch.findings.boards import Standing
    from archsearch.findings.columns import Column
    from archsearch.store import StudyRow
    from archsearch.store.store import Store

    Picked = tuple[Standing, Sequence[BoardRow]]
    """A board and verdict, and the rows that are asked for."""

SHORT = 20
"""Rows printed as text unless `--limit` says otherwise; programs get all."""
_GAP = 2
_NARROWEST = 24
"""Columns that the architecture needs at least; longer lines are folded."""


def board(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    phase: Annotated[Phase | None, typer.Option("--phase", help="Whose scores; by default the latest phase's.")] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="COLUMN", help="Sort by this column; an unknown name prints the list of columns."
        ),
    ] = None,
    descending: Annotated[
        bool | None, typer.Option("--descending/--ascending", help="By default the better end first.")
    ] = None,
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="TEST", help="Keep some rows: 'solved>=3', 'line~gru'.")
    ] = None,
    limit: Limit = None,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Print the ranking of a study and the verdict.

    A file with several tasks has a board for each. For example:
    archsearch board quickstart --phase search --filter 'solved>=1' --sort parameters
    """
    form = chosen_form(as_json, as_csv)
    from archsearch.findings.boards import read_standing
    from archsearch.findings.picking import pick_rows

    most = SHORT if limit is None and form == "text" else limit

    def read(store: Store, row: StudyRow) -> Picked:
        standing = read_standing(store, row, phase, tasks_from)
        return standing, pick_rows(standing.board, filters or (), sort, descending)[:most]

    show_studies(form, storage, study, read, record, lambda console, picked, _: draw_board(console, *picked))


def record(picked: Picked) -> Record:
    """The board for programs."""
    from archsearch.findings.boards import board_page
    from archsearch.findings.columns import KEYS, hole_columns, row_values

    standing, rows = picked
    holes = [key for column in hole_columns(standing.board).values() for key in column.keys]
    table = [row_values(row) | {key.name: key.read(row) for key in holes} for row in rows]
    return Record(board_page(standing, rows), [key.name for key in (*KEYS, *holes)], table)


def draw_board(console: Console, standing: Standing, rows: Sequence[BoardRow] | None = None) -> None:
    """Print a board, or some of its rows, with as many columns as fit, the verdict and what the columns mean."""
    from archsearch.findings.columns import shown_columns

    board = standing.board if rows is None else dataclasses.replace(standing.board, rows=rows)
    left_out = len(standing.board.rows) - len(board.rows)
    seeds = f", {counted(board.seeds, 'seed')} each" if board.rows else ""
    print_line(console, f"{board.study}: {board.phase} phase{seeds}", "bold")
    columns: list[Column] = []
    if board.rows:
        columns = _fitting(shown_columns(board), board, console.width)
        print_table(console, _table(columns, board))
        if left_out:
            print_line(console, f"{counted(left_out, 'row')} not shown, because of --filter or --limit", "dim")
        console.print()
    else:
        print_line(console, "no row passes the filters" if left_out else "nothing has been evaluated yet")
    if board.note:
        print_line(console, board.note, "yellow")
    print_line(console, standing.shown_verdict, "bold")
    if board.rows:
        print_line(console, "; ".join(filter(None, (column.meaning_on(board) for column in columns))), "dim")


def _fitting(columns: list[Column], board: Board, width: int) -> list[Column]:
    """The columns that fit into `width`, taken in order; one that does not fit gives way to later ones."""
    from rich.cells import cell_len

    from archsearch.findings.columns import architecture

    line = min(
        max(_NARROWEST, *(cell_len(visible(architecture(row))) for row in board.rows)), max(_NARROWEST, width * 3 // 10)
    )
    room = width - line
    chosen = []
    for index, column in enumerate(columns):
        texts = (column.shown_heading, *(visible(column.cell(row, board)) for row in board.rows))
        needed = 0 if index == 1 else _GAP + max(map(cell_len, texts))
        if index < 2 or needed <= room:
            chosen.append(column)
            room -= needed
    return chosen


def _table(columns: Sequence[Column], board: Board) -> Table:
    table = plain_table(*(">" * column.number + column.shown_heading for column in columns))
    for index, column in enumerate(table.columns):
        column.no_wrap = index != 1
    for row in board.rows:
        add_rows(table, [[column.cell(row, board) for column in columns]], "cyan" if row.role == "baseline" else "")
    return table


COMMAND = Command("Results", board)
