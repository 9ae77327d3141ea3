"""`archsearch diff`: two cells side by side, what only the left one has in red, what only the right one in green."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import Record, Value, chosen_form, emit
from archsearch.cli.tables import print_line, print_rows, text_of
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE, Sizes

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from archsearch.findings.cells import CellFinding
    from archsearch.findings.differences import CellComparison, EquationRow

_LEFT, _RIGHT = "red", "green"
_WORDS = {"same": "same", "renamed": "renamed", "changed": "changed", "left": "only left", "right": "only right"}
_STYLES = {"same": "dim", "renamed": "dim", "changed": "yellow", "left": _LEFT, "right": _RIGHT}


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
    output = chosen_form(as_json, as_csv)
    from archsearch.findings.differences import compare_cells
    from archsearch.space.library import load_cell

    comparison = compare_cells([load_cell(left), load_cell(right)], [Sizes(input_size, hidden_size)] * 2)
    rows = [_values(comparison, row) for row in comparison.rows]
    emit(output, Record(comparison, tuple(rows[0]), rows), lambda console: draw_comparison(console, comparison))


def _values(comparison: CellComparison, row: EquationRow) -> dict[str, Value]:
    """A line of the CSV table."""
    names = [side.name for side in row.sides]
    left, right = (
        None if name is None else cell.equation(name).text for cell, name in zip(comparison.cells, names, strict=True)
    )
    return {
        "title": row.title,
        "status": _status(row),
        "only_start": row.sides[1].only_start,
        "left": names[0],
        "right": names[1],
        "left_text": left,
        "right_text": right,
    }


def _status(row: EquationRow) -> str:
    return str(row.sides[1].status or row.sides[0].status)


def draw_comparison(console: Console, comparison: CellComparison) -> None:
    """Print the verdict on two cells, then wiring, equations and cost."""
    left, right = comparison.cells
    names = (left.cell, right.cell)
    heading = text_of((names[0], f"bold {_LEFT}"), " and ", (names[1], f"bold {_RIGHT}"), ": ")
    print_line(console, text_of(heading, (comparison.verdicts[0], "bold")), wrap=False)
    print_line(console, (f"arch {', '.join(dict.fromkeys((left.arch_id, right.arch_id)))}", "dim"))
    if names[0] == names[1]:
        names = ("left", "right")
    console.print()
    _draw_wiring(console, comparison, names)
    console.print()
    print_rows(console, ("equations", "for", ""), (_cells(comparison, row) for row in comparison.rows))
    if any(_status(row) == "renamed" for row in comparison.rows):
        print_line(console, ("renamed: the same equation under another name", "dim"))
    console.print()
    print_rows(console, ("cost", f">{names[0]}", f">{names[1]}", ">difference"), _costs(left, right))
    sizes = f"input size {left.input_size}, hidden size {left.hidden_size}"
    print_line(console, (f"at {sizes}; operations per step", "dim"))


def _draw_wiring(console: Console, comparison: CellComparison, names: tuple[str, str]) -> None:
    """The fields that differ as a table, the others in a line."""
    if not comparison.wiring:
        print_line(console, ("no wiring says what these two are, so their equations alone are compared", "dim"))
        return
    fields = [(field.name, *(value or "-" for value in field.values)) for field in comparison.differing]
    if fields:
        rows = ((name, (left, _LEFT), (right, _RIGHT)) for name, left, right in fields)
        print_rows(console, ("wiring", *names), rows)
        if any("-" in values for values in fields):
            print_line(console, ("-: has no effect there", "dim"))
    words = ", ".join(f"{name} {value}" for name, value in comparison.alike.items())
    print_line(console, (f"{'alike' if fields else 'the same wiring'}: {words or 'nothing'}", "dim"))


def _cells(comparison: CellComparison, row: EquationRow) -> tuple[object, ...]:
    status = _status(row)
    style = _STYLES[status]
    words = "other start" if row.sides[1].only_start else _WORDS[status]
    return (words, style), (row.title, style), _lines(comparison, row)


def _lines(comparison: CellComparison, row: EquationRow) -> Text:
    """The equations of both cells, one below the other; one where they are the same."""
    from rich.text import Text

    left, right = (
        "" if side.name is None else f"{side.name} = {cell.equation(side.name).text}"
        for cell, side in zip(comparison.cells, row.sides, strict=True)
    )
    if _status(row) == "same":
        return text_of((left, "dim"))
    marked = [text_of((f"- {left}", _LEFT))] * bool(left) + [text_of((f"+ {right}", _RIGHT))] * bool(right)
    return Text("\n").join(marked)


def _costs(left: CellFinding, right: CellFinding) -> Iterator[tuple[str, ...]]:
    from archsearch.findings.differences import COSTS

    for quantity in COSTS:
        before, after = getattr(left, quantity), getattr(right, quantity)
        change = after - before
        share = f" ({change / before:+.0%})" if change and before else ""
        yield quantity, f"{before:,}", f"{after:,}", f"{change:+,}{share}" if change else "none"


COMMAND = Command("Cells and spaces", diff)
