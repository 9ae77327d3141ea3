"""One cell with its instructions and its cost, and the list of shipped cells."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.backends import emit as program
from archsearch.errors import InvalidInput
from archsearch.ir import CellIR, cost, lower
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell
from archsearch.schema.yaml_text import read_text
from archsearch.space.library import CELLS, WIRINGS, cell_of, open_document


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


def describe(cell: Cell, input_size: int, hidden_size: int, source: str = "", backend: str | None = None) -> Shown:
    """What is shown of a cell; with a backend, its program too."""
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


def cell_values(shown: Shown) -> dict[str, Any]:
    """The cell as plain values. A state that starts at minus infinity, which JSON does not know, starts at None."""
    return {
        "cell": shown.cell.cell,
        "arch_id": shown.arch_id,
        "stages": shown.stages,
        "parameters": shown.parameters,
        "operations": shown.operations,
        "input_size": shown.input_size,
        "hidden_size": shown.hidden_size,
        "source": shown.source,
        "states": {name: None if value == float("-inf") else value for name, value in shown.cell.states.items()},
        "output": shown.cell.output,
        "equations": shown.cell.model_dump(mode="json")["equations"],
        "ir": str(shown.ir),
        "parameter_shapes": {name: list(shape) for name, shape in shown.shapes.items()},
    }


def shipped_cells(input_size: int, hidden_size: int) -> list[dict[str, Any]]:
    """The shipped cells and wirings by name, with what one layer of these sizes costs."""
    files, wirings = registry.shipped_names(CELLS), registry.shipped_names(WIRINGS)
    return [
        {"name": name, "cell": name in files, "wiring": name in wirings} | _cost(name, input_size, hidden_size)
        for name in sorted({*files, *wirings})
    ]


def shipped_cell(name: str, input_size: int, hidden_size: int) -> Shown:
    """The shipped cell or wiring called `name`; `InvalidInput` for any other reference."""
    document = open_document(name, (CELLS, WIRINGS))
    return describe(cell_of(document), input_size, hidden_size, source_comment(document.file))


def _cost(name: str, input_size: int, hidden_size: int) -> dict[str, Any]:
    shown = shipped_cell(name, input_size, hidden_size)
    return {
        "arch_id": shown.arch_id,
        "stages": shown.stages,
        "parameters": shown.parameters,
        "operations": shown.operations,
        "source": shown.source,
    }


def source_comment(file: str) -> str:
    """The comment on top of a file, without its marks; empty where there is none or it cannot be read again."""
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


def volume(shape: tuple[int, ...]) -> int:
    """The number of values in a shape."""
    product = 1
    for size in shape:
        product *= size
    return product
