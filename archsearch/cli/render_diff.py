"""Two cells side by side as text: what only the left one has in red, what only the right one has in green."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.explain.difference import CostPair, Difference, EquationPair, is_detail
from archsearch.explain.text import spell_equation
from archsearch.schema.cell import Cell

if TYPE_CHECKING:
    from rich.console import Console

_LEFT, _RIGHT = "red", "green"
_WORDS = {"same": "same", "renamed": "renamed", "changed": "changed", "left": "only left", "right": "only right"}
_STYLES = {"same": "dim", "renamed": "dim", "changed": "yellow", "left": _LEFT, "right": _RIGHT}


def draw_difference(console: Console, found: Difference, input_size: int, hidden_size: int) -> None:
    """Print the verdict, then wiring, equations and cost."""
    left, right = visible(found.left.cell.cell), visible(found.right.cell.cell)
    names = Text.assemble((left, f"bold {_LEFT}"), " and ", (right, f"bold {_RIGHT}"), ": ")
    console.print(names.append(found.verdict, "bold"), soft_wrap=True)
    ids = (found.left.arch_id,) if found.same_architecture else (found.left.arch_id, found.right.arch_id)
    console.print(Text(f"arch {', '.join(ids)}", "dim"))
    if left == right:
        left, right = "left", "right"
    console.print()
    _draw_wiring(console, found, left, right)
    console.print()
    print_table(console, _equations(found))
    if any(pair.status == "renamed" for pair in found.equations):
        console.print(Text("renamed: the same equation under another name", "dim"))
    console.print()
    print_table(console, _costs(found.costs, left, right))
    console.print(Text(f"at input size {input_size}, hidden size {hidden_size}; operations per step", "dim"))


def _draw_wiring(console: Console, found: Difference, left: str, right: str) -> None:
    """The fields that differ as a table, the others in a line."""
    if found.wiring is None:
        console.print(Text("no wiring says what these two are, so their equations alone are compared", "dim"))
        return
    differing = [
        field
        for field in found.wiring
        if field.left != field.right and not is_detail(field.field, (field.left, field.right))
    ]
    alike = [field for field in found.wiring if field.left == field.right]
    if differing:
        table = plain_table("wiring", left, right)
        for field in differing:
            table.add_row(Text(field.field), Text(field.left or "-", _LEFT), Text(field.right or "-", _RIGHT))
        print_table(console, table)
        if any("" in (field.left, field.right) for field in differing):
            console.print(Text("-: has no effect there", "dim"))
    words = ", ".join(f"{field.field} {field.left}" for field in alike if field.field.count(".") < 2)
    console.print(Text(f"{'alike' if differing else 'the same wiring'}: {words or 'nothing'}", "dim"))


def _equations(found: Difference) -> Table:
    table = plain_table("equations", "for", "")
    for pair in found.equations:
        style = _STYLES[pair.status]
        status = "other start" if pair.only_start else _WORDS[pair.status]
        table.add_row(Text(status, style), Text(_title(pair), style), _lines(found, pair))
    return table


def _title(pair: EquationPair) -> str:
    titles = [title for title in dict.fromkeys((pair.left_title, pair.right_title)) if title]
    return " / ".join(titles)


def _lines(found: Difference, pair: EquationPair) -> Text:
    if pair.status == "same":
        return Text(_spelt(found.left.cell, pair.left), "dim")
    lines = Text()
    if pair.left is not None:
        lines.append(f"- {_spelt(found.left.cell, pair.left)}", _LEFT)
    if pair.right is not None:
        lines.append("\n" if lines else "").append(f"+ {_spelt(found.right.cell, pair.right)}", _RIGHT)
    return lines


def _spelt(cell: Cell, name: str | None) -> str:
    return visible(f"{name} = {spell_equation(cell.equations[str(name)])}")


def _costs(costs: tuple[CostPair, ...], left: str, right: str) -> Table:
    table = plain_table("cost", f">{left}", f">{right}", ">difference")
    for cost in costs:
        change = cost.right - cost.left
        share = f" ({change / cost.left:+.0%})" if change and cost.left else ""
        cells = (cost.quantity, f"{cost.left:,}", f"{cost.right:,}", f"{change:+,}{share}" if change else "none")
        table.add_row(*map(Text, cells))
    return table
