"""A cell as text: its equations as in a paper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.explain.text import spell_equations
from archsearch.findings.cells import Shown
from archsearch.ir.instructions import spell
from archsearch.spelling import counted

if TYPE_CHECKING:
    from rich.console import Console


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
    if shown.shapes:
        console.print(Text("trained, each of its own: matrices W·, vectors p⊙, biases b(n) that start at n", "dim"))
    console.print()
    for line in str(shown.ir).splitlines():
        console.print(Text(visible(line), "dim"), soft_wrap=True)
    console.print()
    print_table(console, _parameters(shown))
    console.print()
    console.print(Text(_cost(shown)))


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
        number = sum(math.prod(shape) for _, shape in parts)
        table.add_row(Text(equation), Text(f"{number:,}"), Text(f"{shapes}   {note}".rstrip()))
    return table


def _cost(shown: Shown) -> str:
    sizes = f"input size {shown.input_size}, hidden size {shown.hidden_size}"
    return (
        f"{counted(shown.stages, 'stage')}; {shown.parameters:,} parameters and {shown.operations:,} operations"
        f" per step at {sizes}"
    )
