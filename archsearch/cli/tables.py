"""Lines and tables for terminals, all of visible characters. Rich is loaded when something is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archsearch.cli.output import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text


def text_of(*pieces: object) -> Text:
    """Pieces one behind the other: text with its styles as it is, a pair of a value and a style, or a value."""
    from rich.text import Text

    if len(pieces) == 1 and isinstance(pieces[0], Text):
        return pieces[0]
    text = Text()
    for piece in pieces:
        if isinstance(piece, Text):
            text.append_text(piece)
        else:
            value, style = piece if isinstance(piece, tuple) else (piece, "")
            text.append("" if value is None else visible(value), style)
    return text


def print_line(console: Console, text: object, style: str = "", *, wrap: bool = True) -> None:
    """Print a value as visible characters; without `wrap` a long line is left to the terminal."""
    console.print(text_of((text, style) if style else text), soft_wrap=not wrap)


def print_rows(console: Console, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table of rows; headings as for `plain_table`, cells as for `add_rows`."""
    table = plain_table(*headings)
    add_rows(table, rows)
    print_table(console, table)


def plain_table(*headings: str) -> Table:
    """An empty table with a rule under the heading; one that starts with `>` stands over numbers, aligned right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

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
        table.add_column(
            Text(visible(heading.removeprefix(">"))), justify="right" if right else "left", overflow="fold"
        )
    return table


def add_rows(table: Table, rows: Iterable[Iterable[object]], style: str = "") -> None:
    """Add rows to a table, each cell as a piece of `text_of`; None as an empty one."""
    for row in rows:
        table.add_row(*map(text_of, row), style=style)


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
    from rich.text import Text

    return Text(text, style, no_wrap=True, overflow="ellipsis")
