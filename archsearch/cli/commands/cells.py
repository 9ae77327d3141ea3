"""`archsearch cells`: the shipped cells and wirings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import chosen_form, emit, record_of, visible
from archsearch.cli.tables import clipped, print_line, print_rows
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.spelling import compact

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.cells import ShippedCells


def cells(
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the shipped cells and wirings, with what one layer costs."""
    output = chosen_form(as_json, as_csv)
    from archsearch.findings.cells import ShippedCell, shipped_cells

    shipped = shipped_cells(input_size, hidden_size)
    emit(output, record_of(shipped, shipped.cells, ShippedCell), lambda console: _draw_cells(console, shipped))


def _draw_cells(console: Console, shipped: ShippedCells) -> None:
    """Print the cells; of each source only the first sentence that fits."""
    rows = [
        (
            row.name if row.cell else f"{row.name} (wiring)",
            str(row.stages),
            compact(row.parameters),
            compact(row.operations),
            clipped(visible(" ".join(row.source.split())), "dim"),
        )
        for row in shipped.cells
    ]
    print_rows(console, ("name", ">stages", ">parameters", ">operations", "source"), rows)
    sizes = f"input size {shipped.input_size}, hidden size {shipped.hidden_size}"
    print_line(console, (f"one layer, per step, {sizes}; `archsearch show NAME` has the equations", "dim"))


COMMAND = Command("Cells and spaces", cells)
