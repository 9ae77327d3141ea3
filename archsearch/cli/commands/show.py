"""`archsearch show`: one cell with its equations, instructions and cost."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, OwnHiddenSize, OwnInputSize, Storage, TasksFrom
from archsearch.cli.output import Record, emit, form
from archsearch.errors import InvalidInput, Problem
from archsearch.schema.sizes import Sizes
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.cells import Shown
    from archsearch.schema.cell import Cell
    from archsearch.store import StudyRow

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
    tasks_from: TasksFrom = None,
    input_size: OwnInputSize = None,
    hidden_size: OwnHiddenSize = None,
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
    chosen = chosen_cell("show", reference, study, rank, storage, tasks_from)
    sizes = chosen.sizes(input_size, hidden_size, tasks_from)
    from archsearch.findings.cells import describe

    shown = describe(chosen.cell, sizes.input_size, sizes.hidden_size, chosen.source, emit_for)

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


@dataclasses.dataclass(frozen=True)
class Chosen:
    """A cell, where it comes from, and for one of a study the study and the model in which it was trained."""

    cell: Cell
    source: str
    row: StudyRow | None = None
    model: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def sizes(self, input_size: int | None, hidden_size: int | None, tasks_from: Path | None) -> Sizes:
        """The sizes that are asked for; of a study's cell those in which it was trained, else the usual ones."""
        if self.row is None:
            usual = Sizes()
        elif input_size is None:
            from archsearch.study.stored import plan_of, trained_sizes

            usual = trained_sizes(plan_of(self.row), self.model, tasks_from)
        else:
            usual = Sizes(input_size, int(self.model["hidden_size"]))
        return Sizes(input_size or usual.input_size, hidden_size or usual.hidden_size)


def chosen_cell(
    command: str, reference: str | None, study: str | None, rank: int, storage: str, tasks_from: Path | None = None
) -> Chosen:
    """The one cell that a command's arguments name."""
    if (reference is None) == (study is None):
        raise InvalidInput(Problem((command,), "exactly one cell is meant", "allowed: either CELL or --study STUDY"))
    return _shipped_or_file(reference) if reference is not None else _ranked(storage, str(study), rank, tasks_from)


def _shipped_or_file(reference: str) -> Chosen:
    from archsearch.findings.cells import source_comment
    from archsearch.space.library import CELLS, WIRINGS, cell_of, open_document

    document = open_document(reference, (CELLS, WIRINGS))
    return Chosen(cell_of(document), source_comment(document.file))


def _ranked(storage: str, study: str, rank: int, tasks_from: Path | None) -> Chosen:
    """The cell with this rank on a study's board."""
    from archsearch.findings.standing import read_standing
    from archsearch.schema.cell import Cell
    from archsearch.store.store import Store
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        stored = find_study(store, study)
        board = read_standing(store, stored, tasks_from=tasks_from).board
        row = next((row for row in board.rows if row.rank == rank), None)
        if row is None:
            allowed = f"allowed: 1 to {len(board.rows)}" if board.rows else "nothing has been evaluated yet"
            raise InvalidInput(Problem(("--rank",), f"no row has rank {rank}", allowed))
        spec = store.spec(row.spec_id)
    assert spec is not None
    name = row.label or row.line
    source = f"{board.study}, {board.phase} phase, rank {rank}: {name}"
    parts = json.loads(spec.document)
    return Chosen(Cell.model_validate(parts["cell"]), source, stored, parts["model"])


def record(shown: Shown) -> Record:
    """The cell for programs."""
    from archsearch.findings.cells import cell_values

    values = cell_values(shown)
    document = values | {"program": shown.program} if shown.program else values
    return Record(document, COLUMNS, [{name: values[name] for name in COLUMNS}])


COMMAND = Command("Cells and spaces", show)
