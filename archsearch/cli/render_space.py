"""A space as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.spelling import compact, counted

if TYPE_CHECKING:
    from rich.console import Console


def draw_space(console: Console, found: Mapping[str, Any]) -> None:
    """Print what `archsearch space` found."""
    console.print(Text(visible(found["space"]), "bold"))
    console.print(Text(_size(found)))
    if found["ranges"]:
        console.print(Text(f"ranges, not counted: {', '.join(map(visible, found['ranges']))}"))
    if found["effects"]:
        console.print()
        print_table(console, _effects(found))
        console.print(Text(_legend(found), "dim"))
    if found["drawn"]:
        console.print()
        print_table(console, _drawn(found["drawn"]))
        console.print(Text(f"drawn with seed {found['seed']}; the same one may be drawn twice", "dim"))


def _size(found: Mapping[str, Any]) -> str:
    if found["exact"]:
        sizes = counted(found["configurations"], "configuration"), counted(found["architectures"], "architecture")
        return f"{', '.join(sizes)} (counted)"
    return (
        f"about {compact(found['configurations'])} configurations, about {compact(found['architectures'])}"
        f" architectures (estimated from {found['sample']:,} samples, seed {found['seed']})"
    )


def _effects(found: Mapping[str, Any]) -> Table:
    table = plain_table("hole", "option", ">share", ">parameters", ">operations", ">stages")
    before = None
    for effect in found["effects"]:
        table.add_row(
            Text("" if effect["hole"] == before else visible(effect["hole"])),
            Text(visible(effect["option"])),
            Text(f"{effect['share']:.0%}"),
            Text(compact(effect["parameters"])),
            Text(compact(effect["operations"])),
            Text(f"{effect['stages']:.2f}"),
        )
        before = effect["hole"]
    return table


def _legend(found: Mapping[str, Any]) -> str:
    return (
        "share: of the configurations, those in which the hole is read and filled so; the rest: means over these, for"
        f" one layer of input size {found['input_size']} and hidden size {found['hidden_size']}, per step"
    )


def _drawn(rows: list[dict[str, Any]]) -> Table:
    table = plain_table(">#", "candidate", ">parameters", ">stages", "arch")
    for row in rows:
        cells = (str(row["draw"]), row["line"], compact(row["parameters"]), str(row["stages"]), row["arch_id"])
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table
