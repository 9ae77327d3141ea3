"""Lines and tables for terminals. Tables have a rule under the heading and no other lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible

if TYPE_CHECKING:
    from rich.console import Console


def plain_table(*headings: str) -> Table:
    """An empty table; a heading that starts with `>` stands over numbers, which are aligned to the right."""
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
        border_style="dim",
    )
    for heading in headings:
        right = heading.startswith(">")
        table.add_column(Text(heading.removeprefix(">")), justify="right" if right else "left", overflow="fold")
    return table


def print_line(console: Console, text: object, style: str = "", *, wrap: bool = True) -> None:
    """Print a value as visible characters; without `wrap` a long line is left to the terminal."""
    console.print(Text(visible(text), style), soft_wrap=not wrap)


def add_rows(table: Table, rows: Iterable[Iterable[object]], style: str = "") -> None:
    """Add rows to a table: text with a style of its own as it is, other values as visible characters, None as ""."""
    for row in rows:
        cells = ("" if cell is None else cell for cell in row)
        table.add_row(*(cell if isinstance(cell, Text) else Text(visible(cell), style) for cell in cells))


def print_table(console: Console, table: Table) -> None:
    """Print a table; in a file its lines end where their text ends."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def clipped(text: str, style: str = "") -> Text:
    """Text that is cut off rather than wrapped where its column is too narrow."""
    return Text(text, style, no_wrap=True, overflow="ellipsis")
