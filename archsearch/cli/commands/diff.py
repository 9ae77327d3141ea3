"""`archsearch diff`: two cells side by side."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import Record, emit, form
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.explain.difference import Difference, EquationPair
    from archsearch.explain.viewed import Viewed

COLUMNS = ("status", "left", "right", "left_title", "right_title", "left_text", "right_text", "only_start")


def diff(
    left: Annotated[str, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")],
    right: Annotated[str, typer.Argument(metavar="CELL", help="Another one.")],
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Compare two cells: architecture, wiring, equations and cost.

    Equations are matched by what they are for, then by name. The exit status is 0 whether they differ or not.
    """
    wanted = form(as_json, as_csv)
    from archsearch.explain.difference import compare
    from archsearch.space.library import load_cell

    found = compare(load_cell(left), load_cell(right), input_size, hidden_size)

    def draw(console: Console) -> None:
        from archsearch.cli.render_diff import draw_difference

        draw_difference(console, found, input_size, hidden_size)

    emit(wanted, record(found, input_size, hidden_size), draw)


def record(found: Difference, input_size: int, hidden_size: int) -> Record:
    """The comparison for programs; `wiring` is null where one of the cells cannot be written as a wiring."""
    rows = [_row(found, pair) for pair in found.equations]
    fields = None if found.wiring is None else [dataclasses.asdict(field) for field in found.wiring]
    document = {
        "same_architecture": found.same_architecture,
        "verdict": found.verdict,
        "left": _side(found.left),
        "right": _side(found.right),
        "input_size": input_size,
        "hidden_size": hidden_size,
        "wiring": fields,
        "equations": rows,
        "costs": [dataclasses.asdict(cost) for cost in found.costs],
    }
    return Record(document, COLUMNS, rows)


def _side(viewed: Viewed) -> dict[str, Any]:
    return {"cell": viewed.cell.cell, "arch_id": viewed.arch_id}


def _row(found: Difference, pair: EquationPair) -> dict[str, Any]:
    from archsearch.explain.text import spell_equation

    return dataclasses.asdict(pair) | {
        "left_text": None if pair.left is None else spell_equation(found.left.cell.equations[pair.left]),
        "right_text": None if pair.right is None else spell_equation(found.right.cell.equations[pair.right]),
    }


COMMAND = Command("Cells and spaces", diff)
