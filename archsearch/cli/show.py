"""`archsearch show`: one cell with its equations, instructions and cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize, Storage
from archsearch.cli.output import Record, emit, form
from archsearch.errors import InvalidInput, Problem
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.export.described import Shown
    from archsearch.schema.cell import Cell

COLUMNS = ("cell", "arch_id", "stages", "parameters", "operations", "input_size", "hidden_size", "source")


def show(
    reference: Annotated[
        str | None, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")
    ] = None,
    study: Annotated[
        str | None, typer.Option("--study", metavar="STUDY", help="Show a cell of this study's board instead.")
    ] = None,
    rank: Annotated[int, typer.Option("--rank", metavar="N", min=1, help="Its rank on that board.")] = 1,
    storage: Storage = DEFAULT_STORAGE,
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the cell as a file to start your own from.")] = False,
    emit_for: Annotated[
        str | None,
        typer.Option("--emit", metavar="BACKEND", help="Print the program that this backend runs: C for native."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show a cell: equations, instructions, parameters and cost.

    A wiring is shown as the equations that it stands for. With --study, it is the cell of that rank on the board of the
    latest phase.
    """
    wanted = form(as_json, as_csv)
    cell, source = chosen_cell("show", reference, study, rank, storage)
    from archsearch.export.described import describe

    shown = describe(cell, input_size, hidden_size, source, emit_for)

    def draw(console: Console) -> None:
        from archsearch.cli.render_cell import draw_cell
        from archsearch.export.cell_file import spell_file

        if shown.program:
            console.out(shown.program, highlight=False, end="")
        elif as_yaml:
            console.out(spell_file(shown.cell, shown.source), highlight=False, end="")
        else:
            draw_cell(console, shown)

    emit(wanted, record(shown), draw)


def chosen_cell(command: str, reference: str | None, study: str | None, rank: int, storage: str) -> tuple[Cell, str]:
    """The one cell that a command's arguments name, and where it comes from."""
    if (reference is None) == (study is None):
        raise InvalidInput(Problem((command,), "exactly one cell is meant", "allowed: either CELL or --study STUDY"))
    return _shipped_or_file(reference) if reference is not None else _ranked(storage, str(study), rank)


def _shipped_or_file(reference: str) -> tuple[Cell, str]:
    from archsearch.export.described import source_comment
    from archsearch.space.library import CELLS, WIRINGS, cell_of, open_document

    document = open_document(reference, (CELLS, WIRINGS))
    return cell_of(document), source_comment(document.file)


def _ranked(storage: str, study: str, rank: int) -> tuple[Cell, str]:
    """The cell with this rank on a study's board, and in words where it comes from."""
    from archsearch.schema.cell import Cell
    from archsearch.store import Store
    from archsearch.study.standing import read_standing
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        board = read_standing(store, find_study(store, study)).board
        row = next((row for row in board.rows if row.rank == rank), None)
        if row is None:
            allowed = f"allowed: 1 to {len(board.rows)}" if board.rows else "nothing has been evaluated yet"
            raise InvalidInput(Problem(("--rank",), f"no row has rank {rank}", allowed))
        spec = store.spec(row.spec_id)
    assert spec is not None
    name = row.label or row.line
    source = f"{board.study}, {board.phase} phase, rank {rank}: {name}"
    return Cell.model_validate(json.loads(spec.document)["cell"]), source


def record(shown: Shown) -> Record:
    """The cell for programs."""
    from archsearch.export.described import cell_values

    values = cell_values(shown)
    document = values | {"program": shown.program} if shown.program else values
    return Record(document, COLUMNS, [{name: values[name] for name in COLUMNS}])
