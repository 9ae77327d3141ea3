"""Importances as text, with bars on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.importance import Importance

_BAR = 30  # characters for a share of 1


def draw_importance(console: Console, found: Importance, *, titled: bool = False) -> None:
    """Print one row per hole, the most important first; `titled` under the study's name."""
    if titled:
        console.print(Text(visible(found.study), "bold"))
    bars = console.is_terminal
    table = plain_table("hole", ">share", *([""] if bars else []))
    for row in found.importance:
        bar = [Text("━" * round(_BAR * row.share), "cyan")] if bars else []
        table.add_row(Text(visible(row.hole)), Text(f"{row.share:.1%}"), *bar)
    print_table(console, table)
    console.print(
        Text("how far the best trials of the search differ from all trials in this hole; shares sum to 100 %", "dim")
    )
