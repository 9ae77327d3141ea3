"""`archsearch explain`: what each equation of a cell is for, in sentences and in LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.commands.show import chosen_cell
from archsearch.cli.options import AsCsv, AsJson, OwnHiddenSize, OwnInputSize, Storage, TasksFrom
from archsearch.cli.output import Record, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.explain.nearest import Nearest
    from archsearch.findings.explanation import Explanation

COLUMNS = ("name", "title", "text", "sentence")


def explain(
    reference: Annotated[
        str | None, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")
    ] = None,
    study: Annotated[
        str | None, typer.Option("--study", metavar="STUDY", help="Explain a cell of this study's board instead.")
    ] = None,
    rank: Annotated[int, typer.Option("--rank", metavar="N", min=1, help="Its rank on that board.")] = 1,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    input_size: OwnInputSize = None,
    hidden_size: OwnHiddenSize = None,
    as_latex: Annotated[bool, typer.Option("--latex", help="Print the equations as LaTeX (amsmath).")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Explain a cell, and name the nearest textbook cell.

    Each equation gets a sentence, made from what its value is used for, never from its name. With --study, it is the
    cell of that rank on the board of the latest phase.
    """
    wanted = form(as_json, as_csv)
    chosen = chosen_cell("explain", reference, study, rank, storage, tasks_from)
    sizes = chosen.sizes(input_size, hidden_size, tasks_from)
    from archsearch.findings import explanation

    found = explanation.explain(chosen.cell, sizes.input_size, sizes.hidden_size)

    def draw(console: Console) -> None:
        from archsearch.cli.render_explain import draw_explanation

        if as_latex:
            console.out(found.latex.text, highlight=False, end="")
        else:
            draw_explanation(console, found, chosen.source)

    emit(wanted, record(found, chosen.source), draw)


def record(found: Explanation, source: str) -> Record:
    """The explanation for programs."""
    from archsearch.findings.cells import start_values
    from archsearch.findings.explanation import parameter_formula

    rows = [{column: getattr(equation, column) for column in COLUMNS} for equation in found.equations]
    document = {
        "cell": found.cell.cell,
        "arch_id": found.arch_id,
        "source": source,
        "states": start_values(found.cell),
        "output": found.cell.output,
        "stages": found.stages,
        "parameter_formula": parameter_formula(found.ir),
        "parameters": found.parameters,
        "operations": found.operations,
        "input_size": found.input_size,
        "hidden_size": found.hidden_size,
        "nearest": None if found.nearest is None else _nearest(found.nearest),
        "equations": rows,
        "latex": found.latex.text,
        "latex_parameters": found.latex.symbols,
    }
    return Record(document, COLUMNS, rows)


def _nearest(nearest: Nearest) -> dict[str, Any]:
    return {
        "name": nearest.name,
        "same_architecture": nearest.measure == "identity",
        "measure": nearest.measure,
        "distance": nearest.distance,
        "differences": list(nearest.differences),
        "also": list(nearest.also),
        "line": nearest.line,
    }


COMMAND = Command("Cells and spaces", explain)
