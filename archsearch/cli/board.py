"""`archsearch board`: the ranking of a study and the verdict."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName, TasksFrom
from archsearch.cli.output import Record, Value, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.board import BoardRow, Interval
    from archsearch.study.standing import Standing

PhaseName = Literal["search", "confirm", "report"]

SHORT = 20
"""Rows printed as text unless `--limit` says otherwise; programs get all."""


def board(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    phase: Annotated[
        PhaseName | None, typer.Option("--phase", help="Whose scores; by default the latest phase's.")
    ] = None,
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

    For example: archsearch board quickstart --phase search --filter 'solved>=1' --sort parameters
    """
    wanted = form(as_json, as_csv)
    from archsearch.board import filter_rows, parse_filter, sort_rows
    from archsearch.board.table import find_column
    from archsearch.store import Store
    from archsearch.study.standing import read_standing
    from archsearch.study.stored import find_study

    tests = [parse_filter(text) for text in filters or []]
    if sort is not None:
        find_column(sort)
    with Store.read(storage) as store:
        standing = read_standing(store, find_study(store, study), phase, tasks_from)
    rows = filter_rows(standing.board.rows, tests)
    if sort is not None:
        rows = sort_rows(rows, sort, descending)
    shown = rows[: SHORT if limit is None and wanted == "text" else limit]
    left_out = len(standing.board.rows) - len(shown)
    shown_board = dataclasses.replace(standing.board, rows=shown)
    standing = dataclasses.replace(standing, board=shown_board, left_out=left_out)

    def draw(console: Console) -> None:
        from archsearch.cli.render_board import draw_board

        draw_board(console, standing)

    emit(wanted, record(standing), draw)


def record(standing: Standing) -> Record:
    """The board for programs."""
    rows = [row_values(row) for row in standing.board.rows]
    document = {
        "study": standing.board.study,
        "phase": standing.board.phase,
        "seeds": standing.board.seeds,
        "baseline": standing.board.baseline,
        "verdict": standing.verdict,
        "note": standing.board.note,
        "left_out": standing.left_out,
        "rows": rows,
    }
    return Record(document, COLUMNS, rows)


COLUMNS = (
    "rank", "role", "label", "line", "arch_id", "spec_id",
    "objective", "objective_low", "objective_high", "seeds", "failed", "pruned",
    "solved", "solved_low", "solved_high", "sequences_q1", "sequences_median", "sequences_q3", "budget",
    "test", "parameters", "operations", "stages", "seconds",
    "ratio", "difference", "difference_low", "difference_high", "outcome",
)  # fmt: skip
"""Keys of a row. Quartiles are missing where they lie beyond the budget; `solved_low` and `solved_high` are shares."""


def row_values(row: BoardRow) -> dict[str, Value]:
    """A row as plain values by column."""
    found = row.comparison
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS if name in row.__dataclass_fields__}
    values |= _ends("objective", row.interval) | _ends("solved", row.solved_interval)
    values |= _ends("difference", found.interval if found else None)
    values |= {"difference": found.difference if found else None, "outcome": found.outcome if found else None}
    quartiles = row.sequences
    values |= {
        "sequences_q1": quartiles.q1 if quartiles else None,
        "sequences_median": quartiles.median if quartiles else None,
        "sequences_q3": quartiles.q3 if quartiles else None,
        "budget": quartiles.budget if quartiles else None,
    }
    return {name: values[name] for name in COLUMNS}


def _ends(name: str, interval: Interval | None) -> dict[str, float | None]:
    return {
        f"{name}_low": interval.low if interval else None,
        f"{name}_high": interval.high if interval else None,
    }
