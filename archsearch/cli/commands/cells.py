"""`archsearch cells`: the shipped cells and wirings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import Record, emit, form
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("name", "cell", "wiring", "arch_id", "stages", "parameters", "operations", "source")


def cells(
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the shipped cells and wirings, with what one layer costs."""
    wanted = form(as_json, as_csv)
    from archsearch.findings.cells import shipped_cells

    rows = shipped_cells(input_size, hidden_size)
    document = {"input_size": input_size, "hidden_size": hidden_size, "cells": rows}

    def draw(console: Console) -> None:
        from archsearch.cli.render_catalogue import draw_cells

        draw_cells(console, document)

    emit(wanted, Record(document, COLUMNS, rows), draw)


COMMAND = Command("Cells and spaces", cells)
