"""`archsearch board`: the ranking of a study and the verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName, TasksFrom
from archsearch.cli.output import Record, form
from archsearch.cli.series import Finding, emit_findings, open_studies
from archsearch.schema.phases import Phase
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.board import Board, BoardRow
    from archsearch.findings.standing import Standing

SHORT = 20
"""Rows printed as text unless `--limit` says otherwise; programs get all."""


def board(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    phase: Annotated[Phase | None, typer.Option("--phase", help="Whose scores; by default the latest phase's.")] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="COLUMN", help="Sort by this column; a wrong name lists them all.")
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
    wanted = form(as_json, as_csv)
    from archsearch.findings.picking import pick_rows
    from archsearch.findings.standing import read_standing
    from archsearch.store.store import Store

    def pick(board: Board) -> Sequence[BoardRow]:
        return pick_rows(board, filters or (), sort, descending)

    with Store.read(storage) as store:
        found = open_studies(store, study)
        standings = [read_standing(store, row, phase, tasks_from) for row in found.rows]
    most = SHORT if limit is None and wanted == "text" else limit
    emit_findings(wanted, [_finding(_shortened(each, pick, most)) for each in standings], found.several)


def _shortened(standing: Standing, pick: Callable[[Board], Sequence[BoardRow]], most: int | None) -> Standing:
    """With the picked rows alone, at most so many of them."""
    shown = pick(standing.board)[:most]
    left_out = len(standing.board.rows) - len(shown)
    return dataclasses.replace(standing, board=dataclasses.replace(standing.board, rows=shown), left_out=left_out)


def _finding(standing: Standing) -> Finding:
    def draw(console: Console) -> None:
        from archsearch.cli.render_board import draw_board

        draw_board(console, standing)

    return Finding(standing.board.study, record(standing), draw)


def record(standing: Standing) -> Record:
    """The board for programs."""
    from archsearch.findings.columns import KEYS, hole_columns, row_values

    board = standing.board
    document = {
        "study": board.study,
        "phase": board.phase,
        "seeds": board.seeds,
        "baseline": board.baseline,
        "verdict": standing.verdict,
        "note": board.note,
        "left_out": standing.left_out,
        "rows": [row_values(row) | {"choices": dict(row.choices)} for row in board.rows],
    }
    holes = [key for column in hole_columns(board).values() for key in column.keys]
    rows = [row_values(row) | {key.name: key.read(row) for key in holes} for row in board.rows]
    return Record(document, [key.name for key in (*KEYS, *holes)], rows)


COMMAND = Command("Results", board)
