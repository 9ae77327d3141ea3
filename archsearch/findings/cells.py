"""What a cell is: its equations in every spelling, its instructions, its cost, and the nearest textbook cell."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.explain.latex import latex_of
from archsearch.explain.nearest import Nearest, find_nearest
from archsearch.explain.text import spell_bias, spell_equation
from archsearch.explain.viewed import Viewed, view
from archsearch.ir import CellIR, cost, lower
from archsearch.ir.identity import arch_id
from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell
from archsearch.schema.yaml_text import read_text
from archsearch.space.library import CELLS, WIRINGS, cell_names, cell_of, open_document
from archsearch.spelling import counted


@dataclasses.dataclass(frozen=True)
class ShippedCell:
    """A shipped cell or wiring and what one layer costs, per step. `source` is the comment in its file."""

    name: str
    cell: bool
    wiring: bool
    arch_id: str
    stages: int
    parameters: int
    operations: int
    source: str


@dataclasses.dataclass(frozen=True)
class ShippedCells:
    """The shipped cells and wirings by name, in one layer of these sizes."""

    input_size: int
    hidden_size: int
    cells: tuple[ShippedCell, ...]


@dataclasses.dataclass(frozen=True)
class ExplainedEquation:
    """One equation of a cell.

    `definition` is a formula or the fields of a gate, as in a file; `text` the right side as in a paper, `latex` both
    sides. `title` says what the value is for (`input gate`; empty where no role was found), `sentence` what it does,
    `start` where its bias or state starts if not at 0.
    """

    name: str
    title: str
    text: str
    sentence: str
    start: str
    definition: str | dict[str, Any]
    latex: tuple[str, str]


@dataclasses.dataclass(frozen=True)
class CellFinding:
    """A cell, and what it costs in one layer of these sizes, per step and sequence.

    `source` says where it comes from. A state that starts at minus infinity starts at null; `state_words` has the roles
    of the states. `latex` is an `align` block, with the parameter that each of its symbols stands for and the
    activations that it had to define.
    """

    cell: str
    arch_id: str
    stages: int
    parameters: int
    operations: int
    input_size: int
    hidden_size: int
    source: str
    output: str
    parameter_formula: str
    state_words: str
    states: dict[str, float | None]
    equations: tuple[ExplainedEquation, ...]
    nearest: Nearest | None
    parameter_shapes: dict[str, tuple[int, ...]]
    ir: str
    latex: str
    latex_parameters: dict[str, str]
    latex_definitions: tuple[tuple[str, str], ...]

    @property
    def same_architecture(self) -> tuple[str, ...]:
        """The textbook cells of the same architecture."""
        nearest = self.nearest
        return (nearest.name, *nearest.also) if nearest is not None and nearest.measure == "identity" else ()

    @property
    def stage_words(self) -> str:
        """What the number of stages means."""
        meanings: Sequence[str] = (
            "no state goes through a matrix",
            "no matrix product of a step waits for another one",
        )
        rest = f"a chain of {self.stages} matrix products, each of which waits for the one before"
        return f"{counted(self.stages, 'stage')}: {meanings[self.stages] if self.stages < len(meanings) else rest}"

    @property
    def size_words(self) -> str:
        """The sizes of the layer in words."""
        return f"input size {self.input_size:,} and hidden size {self.hidden_size:,}"

    def equation(self, name: str) -> ExplainedEquation:
        """The equation called `name`."""
        return next(equation for equation in self.equations if equation.name == name)


def explain(cell: Cell, input_size: int, hidden_size: int, source: str = "") -> CellFinding:
    """Everything that can be said of `cell`; raises `InvalidInput` where its equations are not sound."""
    return explain_viewed(view(cell), input_size, hidden_size, source)


def explain_viewed(viewed: Viewed, input_size: int, hidden_size: int, source: str = "") -> CellFinding:
    """As `explain`, of a cell whose roles are known already."""
    cell, ir, latex = viewed.cell, viewed.ir, latex_of(viewed.cell)
    count = len(cell.equations)
    return CellFinding(
        cell=cell.cell,
        arch_id=viewed.arch_id,
        stages=cost.stages(ir),
        parameters=cost.parameters(ir, input_size, hidden_size),
        operations=cost.operations(ir, input_size, hidden_size),
        input_size=input_size,
        hidden_size=hidden_size,
        source=source,
        output=cell.output,
        parameter_formula=parameter_formula(ir),
        state_words=", ".join(_state(viewed, name, start) for name, start in cell.states.items()),
        states={name: start if math.isfinite(start) else None for name, start in cell.states.items()},
        equations=tuple(_equations(viewed, latex.lines[:count])),
        nearest=find_nearest(cell),
        parameter_shapes=cost.parameter_shapes(ir, input_size, hidden_size),
        ir=str(ir),
        latex=latex.text,
        latex_parameters=latex.symbols,
        latex_definitions=latex.lines[count:],
    )


def _equations(viewed: Viewed, lines: Sequence[tuple[str, str]]) -> list[ExplainedEquation]:
    definitions = viewed.cell.model_dump(mode="json")["equations"]
    return [
        ExplainedEquation(
            name=name,
            title=viewed.purpose(name),
            text=spell_equation(equation),
            sentence=viewed.sentences[name].rest,
            start=_start(viewed, name),
            definition=definitions[name],
            latex=line,
        )
        for (name, equation), line in zip(viewed.cell.equations.items(), lines, strict=True)
    ]


def _start(viewed: Viewed, name: str) -> str:
    """Where the bias or the state of an equation starts, if not at 0."""
    bias, state = spell_bias(viewed.cell.equations[name]), viewed.cell.states.get(name)
    starts = [f"bias from {bias}"] if bias else []
    if state:
        starts.append(f"state from {spell(state) if math.isfinite(state) else '−∞'}")
    return ", ".join(starts)


def _state(viewed: Viewed, name: str, start: float) -> str:
    """`memory c from 0`."""
    begin = spell(start) if math.isfinite(start) else "minus infinity"
    return f"{viewed.nouns[name]} {name} from {begin}".lstrip()


def parameter_formula(ir: CellIR) -> str:
    """The number of parameters of a layer over its sizes: `4·hidden·(input + hidden + 1)`."""
    reads = [name for affine in ir.affines for name in affine.matrices]
    inputs = sum(name in ir.inputs for name in reads)
    vectors = sum(len(affine.vectors) + (affine.bias is not None) for affine in ir.affines)
    numbers = (inputs, len(reads) - inputs, vectors)
    shared = next((number for number in numbers if number), 1)
    if any(number not in (0, shared) for number in numbers):
        shared = 1
    terms = [_times(number // shared, size) for number, size in zip(numbers, ("input", "hidden", ""), strict=True)]
    inside = " + ".join(term for term in terms if term)
    if not inside:
        formula = "0"
    else:
        formula = f"{_times(shared, 'hidden')}·{f'({inside})' if ' ' in inside else inside}".removesuffix("·1")
    return formula + (" + hidden·input where input and hidden differ" if ir.reads_bare_input else "")


def _times(number: int, size: str) -> str:
    if not number:
        return ""
    return "·".join(part for part in ("" if number == 1 and size else str(number), size) if part)


def shipped_cells(input_size: int, hidden_size: int) -> ShippedCells:
    """The shipped cells and wirings, with what one layer of these sizes costs."""
    return ShippedCells(
        input_size, hidden_size, tuple(_shipped(name, input_size, hidden_size) for name in cell_names())
    )


def _shipped(name: str, input_size: int, hidden_size: int) -> ShippedCell:
    cell, source = open_cell(name)
    ir = lower(cell)
    return ShippedCell(
        name=name,
        cell=name in registry.shipped_names(CELLS),
        wiring=name in registry.shipped_names(WIRINGS),
        arch_id=arch_id(ir),
        stages=cost.stages(ir),
        parameters=cost.parameters(ir, input_size, hidden_size),
        operations=cost.operations(ir, input_size, hidden_size),
        source=source,
    )


def open_cell(reference: str) -> tuple[Cell, str]:
    """The cell that a shipped name or a path means, and the comment on top of its file."""
    document = open_document(reference, (CELLS, WIRINGS))
    return cell_of(document), _comment(document.file)


def _comment(file: str) -> str:
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
