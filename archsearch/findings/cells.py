"""One cell with its instructions and its cost, and the list of shipped cells."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.backends import emit as program
from archsearch.errors import InvalidInput
from archsearch.ir import CellIR, cost, lower
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell
from archsearch.schema.yaml_text import read_text
from archsearch.space.library import CELLS, WIRINGS, cell_names, cell_of, open_document


@dataclasses.dataclass(frozen=True)
class Layer:
    """A cell in one layer of these sizes, and what that costs."""

    cell: Cell
    ir: CellIR
    arch_id: str
    input_size: int
    hidden_size: int

    @property
    def stages(self) -> int:
        """The number of matrix products of a step that wait for each other."""
        return cost.stages(self.ir)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters by name."""
        return cost.parameter_shapes(self.ir, self.input_size, self.hidden_size)

    @property
    def parameters(self) -> int:
        """Trainable numbers of the layer."""
        return sum(map(math.prod, self.shapes.values()))

    @property
    def operations(self) -> int:
        """Operations of the layer per step and sequence."""
        return cost.operations(self.ir, self.input_size, self.hidden_size)


@dataclasses.dataclass(frozen=True)
class Shown(Layer):
    """What is shown of a cell; `source` is the comment on top of its file, `program` that of a backend."""

    source: str = ""
    program: str = ""


def describe(cell: Cell, input_size: int, hidden_size: int, source: str = "", backend: str | None = None) -> Shown:
    """What is shown of a cell; with a backend, its program too."""
    ir = lower(cell)
    return Shown(
        cell=cell,
        ir=ir,
        arch_id=arch_id(ir),
        input_size=input_size,
        hidden_size=hidden_size,
        source=source,
        program="" if backend is None else program(ir, input_size, hidden_size, backend),
    )


def start_values(cell: Cell) -> dict[str, float | None]:
    """What each state starts at; None for minus infinity, which JSON does not know."""
    return {name: None if start == float("-inf") else start for name, start in cell.states.items()}


def cost_values(layer: Layer) -> dict[str, Any]:
    """The architecture and what a layer of it costs, as plain values."""
    return {
        "arch_id": layer.arch_id,
        "stages": layer.stages,
        "parameters": layer.parameters,
        "operations": layer.operations,
    }


def cell_values(shown: Shown) -> dict[str, Any]:
    """The cell as plain values; states as in `start_values`."""
    return {
        "cell": shown.cell.cell,
        **cost_values(shown),
        "input_size": shown.input_size,
        "hidden_size": shown.hidden_size,
        "source": shown.source,
        "states": start_values(shown.cell),
        "output": shown.cell.output,
        "equations": shown.cell.model_dump(mode="json")["equations"],
        "ir": str(shown.ir),
        "parameter_shapes": {name: list(shape) for name, shape in shown.shapes.items()},
    }


def shipped_cells(input_size: int, hidden_size: int) -> list[dict[str, Any]]:
    """The shipped cells and wirings by name, with what one layer of these sizes costs."""
    return [_listed(name, shipped_cell(name, input_size, hidden_size)) for name in cell_names()]


def _listed(name: str, shown: Shown) -> dict[str, Any]:
    return {
        "name": name,
        "cell": name in registry.shipped_names(CELLS),
        "wiring": name in registry.shipped_names(WIRINGS),
        **cost_values(shown),
        "source": shown.source,
    }


def shipped_cell(name: str, input_size: int, hidden_size: int) -> Shown:
    """The shipped cell or wiring called `name`; `InvalidInput` for any other reference."""
    document = open_document(name, (CELLS, WIRINGS))
    return describe(cell_of(document), input_size, hidden_size, source_comment(document.file))


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
