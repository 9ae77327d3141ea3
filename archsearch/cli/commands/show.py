"""`archsearch show`: one cell with its equations, instructions and cost."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import (
    AsCsv,
    AsJson,
    OfStudy,
    OwnHiddenSize,
    OwnInputSize,
    Rank,
    Reference,
    Storage,
    TasksFrom,
)
from archsearch.cli.output import chosen_form, emit, record_of
from archsearch.cli.tables import print_line, print_rows, text_of
from archsearch.errors import InvalidInput, Problem
from archsearch.schema.sizes import Sizes
from archsearch.spelling import counted
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.cells import CellFinding
    from archsearch.schema.cell import Cell
    from archsearch.study.entries import Entry


def show(
    reference: Reference = None,
    study: OfStudy = None,
    rank: Rank = None,
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
    output = chosen_form(as_json, as_csv, yaml=as_yaml, emit=emit_for is not None and not as_json)
    chosen = choose_cell("show", reference, study, rank, storage, tasks_from)
    cell = chosen.explain(input_size, hidden_size, tasks_from)
    program = "" if emit_for is None else _program(chosen.cell, cell, emit_for)

    def draw(console: Console) -> None:
        from archsearch.export.cell_file import spell_file

        if program:
            console.out(program, highlight=False, end="")
        elif as_yaml:
            console.out(spell_file(chosen.cell, chosen.source), highlight=False, end="")
        else:
            draw_cell(console, cell)

    from archsearch.findings.cells import CellFinding

    document = vars(cell) | {"program": program} if program else cell
    emit(output, record_of(document, [cell], CellFinding), draw)


def _program(cell: Cell, finding: CellFinding, backend: str) -> str:
    from archsearch import backends
    from archsearch.ir import lower

    return backends.emit(lower(cell), finding.input_size, finding.hidden_size, backend)


@dataclasses.dataclass(frozen=True)
class ChosenCell:
    """The cell that a command's arguments name, where it comes from, and the entry that it is of a study."""

    cell: Cell
    source: str
    entry: Entry | None = None

    def explain(self, input_size: int | None, hidden_size: int | None, tasks_from: Path | None) -> CellFinding:
        """The cell in a layer of these sizes; by default those in which it was trained, or the usual ones."""
        from archsearch.findings.cells import explain

        usual = self._usual_sizes(input_size, tasks_from)
        return explain(self.cell, input_size or usual.input_size, hidden_size or usual.hidden_size, self.source)

    def _usual_sizes(self, input_size: int | None, tasks_from: Path | None) -> Sizes:
        if self.entry is None:
            return Sizes()
        model = self.entry.parts["model"]
        if input_size is not None:  # the task, which may not be at hand, is not asked for its size
            return Sizes(input_size, int(model["hidden_size"]))
        from archsearch.study.stored import plan_of, trained_sizes

        return trained_sizes(plan_of(self.entry.row), model, tasks_from)


def choose_cell(
    command: str, reference: str | None, study: str | None, rank: int | None, storage: str, tasks_from: Path | None
) -> ChosenCell:
    """The one cell that a command's arguments name."""
    if (reference is None) == (study is None):
        raise InvalidInput(Problem((command,), "needs exactly one cell", "allowed: either CELL or --study STUDY"))
    if reference is None:
        return _ranked(storage, str(study), rank or 1, tasks_from)
    for option, value in (("--rank", rank), ("--tasks-from", tasks_from)):
        if value is not None:
            raise InvalidInput(Problem((option,), "says something of a study", "allowed: with --study STUDY"))
    from archsearch.findings.cells import open_cell

    return ChosenCell(*open_cell(reference))


def _ranked(storage: str, study: str, rank: int, tasks_from: Path | None) -> ChosenCell:
    """The cell with this rank on a study's board."""
    from archsearch.findings.boards import read_standing
    from archsearch.findings.candidates import cell_of
    from archsearch.store.store import Store
    from archsearch.study.entries import find_entry
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        stored = find_study(store, study)
        board = read_standing(store, stored, tasks_from=tasks_from).board
        row = next((row for row in board.rows if row.rank == rank), None)
        if row is None:
            allowed = f"allowed: 1 to {len(board.rows)}" if board.rows else "nothing has been evaluated yet"
            raise InvalidInput(Problem(("--rank",), f"no row has rank {rank}", allowed))
        entry = find_entry(store, stored, row.spec_id)
        assert entry is not None
        source = f"{board.study}, {board.phase} phase, rank {rank}: {row.label or row.line}"
        return ChosenCell(cell_of(entry), source, entry)


def draw_cell(console: Console, cell: CellFinding) -> None:
    """Print everything that is known of a cell."""
    from archsearch.ir.instructions import spell

    print_line(console, text_of((cell.cell, "bold"), (f"  arch {cell.arch_id}", "dim")))
    for line in cell.source.splitlines():
        print_line(console, (line, "dim"))
    console.print()
    starts = {name: "-inf" if start is None else spell(start) for name, start in cell.states.items()}
    states = ", ".join(f"{name} = {start}" for name, start in starts.items())
    print_line(console, f"from {states}; output {cell.output}")
    width = max(len(equation.name) for equation in cell.equations)
    for equation in cell.equations:
        print_line(console, f"  {equation.name.rjust(width)} = {equation.text}", wrap=False)
    if cell.parameter_shapes:
        print_line(console, ("trained, each of its own: matrices W·, vectors p⊙, biases b(n) that start at n", "dim"))
    console.print()
    for line in cell.ir.splitlines():
        print_line(console, (line, "dim"), wrap=False)
    console.print()
    print_rows(console, ("parameters of", ">number", "linear, diagonal, bias"), _parameters(cell))
    console.print()
    print_line(
        console,
        f"{counted(cell.stages, 'stage')}; {cell.parameters:,} parameters and {cell.operations:,} operations"
        f" per step at input size {cell.input_size}, hidden size {cell.hidden_size}",
    )


def _parameters(cell: CellFinding) -> Iterator[tuple[str, str, str]]:
    """One row per equation; the projection of a bare input counts as one."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for name, shape in cell.parameter_shapes.items():
        shapes.setdefault(name.partition(".")[0], []).append(shape)
    for equation, own in shapes.items():
        note = "   projects the bare input to the hidden size" if equation == "x" else ""
        spelt = ", ".join("x".join(map(str, shape)) for shape in own)
        yield equation, f"{sum(map(math.prod, own)):,}", f"{spelt}{note}"


COMMAND = Command("Cells and spaces", show)
