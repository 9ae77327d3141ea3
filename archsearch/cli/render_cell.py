"""A cell as text: its equations as in a paper, or as a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.spelling import counted
from archsearch.export.equations.text import spell_equations
from archsearch.ir.instructions import spell
from archsearch.schema.cell import Gate
from archsearch.study.described import Shown, volume

if TYPE_CHECKING:
    from rich.console import Console

_YAML_PLAIN = re.compile(r"[A-Za-z0-9_(][A-Za-z0-9_()+*/. -]*")


def draw_cell(console: Console, shown: Shown) -> None:
    """Print everything that is known of a cell."""
    console.print(Text(visible(shown.cell.cell), "bold"), Text(f"  arch {shown.arch_id}", "dim"), sep="")
    for line in shown.source.splitlines():
        console.print(Text(visible(line), "dim"))
    console.print()
    states = ", ".join(f"{name} = {spell(value)}" for name, value in shown.cell.states.items())
    console.print(Text(f"from {states}; output {shown.cell.output}"))
    equations = spell_equations(shown.cell)
    width = max(map(len, equations))
    for name, text in equations.items():
        console.print(Text(f"  {name.rjust(width)} = {visible(text)}"), soft_wrap=True)
    console.print()
    for line in str(shown.ir).splitlines():
        console.print(Text(visible(line), "dim"), soft_wrap=True)
    console.print()
    print_table(console, _parameters(shown))
    console.print()
    console.print(Text(_cost(shown)))


def spell_yaml(shown: Shown) -> str:
    """The cell as a file, its comment on top."""
    cell = shown.cell
    lines = [f"# {visible(line)}".rstrip() for line in shown.source.splitlines()]
    states = ", ".join(f"{name}: {_yaml_number(value)}" for name, value in cell.states.items())
    lines += [f"cell: {cell.cell}", f"states: {{{states}}}", f"output: {cell.output}", "equations:"]
    for name, equation in cell.equations.items():
        lines.append(f"  {name}: {_yaml_gate(equation) if isinstance(equation, Gate) else _yaml_text(equation)}")
    return "\n".join(lines) + "\n"


def _parameters(shown: Shown) -> Table:
    """One row per equation; the projection of a bare input counts as one."""
    rows: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, shape in shown.shapes.items():
        equation, kind = name.split(".")[:2]
        rows.setdefault(equation, []).append((kind, shape))
    table = plain_table("parameters of", ">number", "linear, diagonal, bias")
    for equation, parts in rows.items():
        note = "projects the bare input to the hidden size" if equation == "x" else ""
        shapes = ", ".join("x".join(map(str, shape)) for _, shape in parts)
        number = sum(volume(shape) for _, shape in parts)
        table.add_row(Text(equation), Text(f"{number:,}"), Text(f"{shapes}   {note}".rstrip()))
    return table


def _cost(shown: Shown) -> str:
    sizes = f"input size {shown.input_size}, hidden size {shown.hidden_size}"
    return (
        f"{counted(shown.stages, 'stage')}; {shown.parameters:,} parameters and {shown.operations:,} operations"
        f" per step at {sizes}"
    )


def _yaml_gate(gate: Gate) -> str:
    fields = []
    for name in ("linear", "diagonal"):
        texts = getattr(gate, name)
        if texts:
            fields.append(f"{name}: [{', '.join(map(_yaml_text, texts))}]")
    if gate.bias != 0:
        fields.append(f"bias: {gate.bias if gate.bias == 'none' else _yaml_number(float(gate.bias))}")
    if gate.activation != "identity":
        fields.append(f"activation: {gate.activation}")
    return f"{{{', '.join(fields)}}}"


def _yaml_text(text: str) -> str:
    """A formula as a scalar; in quotes where a flow list would cut it up."""
    return text if _YAML_PLAIN.fullmatch(text) else f'"{text}"'


def _yaml_number(value: float) -> str:
    return "-.inf" if value == float("-inf") else spell(value)
