"""`archsearch show`: one cell with its equations, instructions and cost."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize, Storage
from archsearch.cli.output import Record, emit, form
from archsearch.errors import InvalidInput, Problem
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.ir import CellIR
    from archsearch.schema.cell import Cell

COLUMNS = ("cell", "arch_id", "stages", "parameters", "operations", "input_size", "hidden_size", "source")


@dataclasses.dataclass(frozen=True)
class Shown:
    """A cell and what it costs in one layer of these sizes; `source` is the comment on top of its file."""

    cell: Cell
    ir: CellIR
    arch_id: str
    stages: int
    input_size: int
    hidden_size: int
    shapes: dict[str, tuple[int, ...]]
    operations: int
    source: str = ""
    program: str = ""

    @property
    def parameters(self) -> int:
        """Trainable numbers."""
        return sum(map(volume, self.shapes.values()))


def show(
    reference: Annotated[
        str | None, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")
    ] = None,
    study: Annotated[
        str | None, typer.Option("--study", metavar="STUDY", help="Show a cell of this study's board instead.")
    ] = None,
    rank: Annotated[int, typer.Option("--rank", metavar="N", min=1, help="Its rank on that board.")] = 1,
    storage: Storage = DEFAULT_STORAGE,
    input_size: InputSize = 8,
    hidden_size: HiddenSize = 64,
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
    if (reference is None) == (study is None):
        raise InvalidInput(Problem(("show",), "one cell is shown", "allowed: either CELL or --study STUDY"))
    if reference is not None:
        cell, source = _shipped_or_file(reference)
    else:
        cell, source = _ranked(storage, str(study), rank)
    shown = describe(cell, input_size, hidden_size, source, emit_for)

    def draw(console: Console) -> None:
        from archsearch.cli.render_cell import draw_cell, spell_yaml

        if shown.program:
            console.out(shown.program, highlight=False, end="")
        elif as_yaml:
            console.out(spell_yaml(shown), highlight=False, end="")
        else:
            draw_cell(console, shown)

    emit(wanted, record(shown), draw)


def describe(cell: Cell, input_size: int, hidden_size: int, source: str = "", backend: str | None = None) -> Shown:
    """What is shown of a cell; with a backend, its program too."""
    from archsearch.backends import emit as program
    from archsearch.ir import cost, lower
    from archsearch.ir.identity import arch_id

    ir = lower(cell)
    return Shown(
        cell=cell,
        ir=ir,
        arch_id=arch_id(ir),
        stages=cost.stages(ir),
        input_size=input_size,
        hidden_size=hidden_size,
        shapes=cost.parameter_shapes(ir, input_size, hidden_size),
        operations=cost.operations(ir, input_size, hidden_size),
        source=source,
        program="" if backend is None else program(ir, input_size, hidden_size, backend),
    )


def _shipped_or_file(reference: str) -> tuple[Cell, str]:
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


def source_comment(file: str) -> str:
    """The comment on top of a file, without its marks; empty where there is none or it cannot be read again."""
    from archsearch.schema.yaml_text import read_text

    try:
        lines = read_text(Path(file)).splitlines()
    except InvalidInput:
        return ""
    comment = []
    for line in lines:
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("#").strip())
    return "\n".join(comment).strip()


def record(shown: Shown) -> Record:
    """The cell for programs."""
    row: dict[str, Any] = {
        "cell": shown.cell.cell,
        "arch_id": shown.arch_id,
        "stages": shown.stages,
        "parameters": shown.parameters,
        "operations": shown.operations,
        "input_size": shown.input_size,
        "hidden_size": shown.hidden_size,
        "source": shown.source,
    }
    body: dict[str, Any] = {
        "states": {name: None if value == float("-inf") else value for name, value in shown.cell.states.items()},
        "output": shown.cell.output,
        "equations": shown.cell.model_dump(mode="json")["equations"],
        "ir": str(shown.ir),
        "parameter_shapes": {name: list(shape) for name, shape in shown.shapes.items()},
    }
    if shown.program:
        body["program"] = shown.program
    return Record(row | body, COLUMNS, [row])


def volume(shape: tuple[int, ...]) -> int:
    """The number of values in a shape."""
    product = 1
    for size in shape:
        product *= size
    return product
