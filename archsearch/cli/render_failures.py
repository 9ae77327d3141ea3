"""Failures as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import plain_table, print_table
from archsearch.spelling import counted

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.failures import Failures


def draw_failures(console: Console, found: Failures, *, titled: bool = False) -> None:
    """Print one row per failure, and how many there are of each kind; `titled` under the study's name."""
    if not found.failures:
        console.print(Text(f"{visible(found.study)}: nothing failed"))
        return
    if titled:
        console.print(Text(visible(found.study), "bold"))
    table = plain_table("phase", "candidate", ">seed", "what", "reason")
    for column, ratio in ((1, 2), (4, 3)):
        table.columns[column].ratio = ratio
    table.columns[3].no_wrap = True
    for failure in found.failures:
        what = failure.kind if failure.final else f"{failure.kind} (tried again)"
        seed = "" if failure.seed_index is None else str(failure.seed_index)
        cells = (failure.phase, failure.line, seed, what, failure.reason)
        table.add_row(*(Text(visible(cell)) for cell in cells))
    print_table(console, table)
    kinds = ", ".join(f"{number} {visible(kind)}" for kind, number in found.kinds.items())
    console.print(Text(f"{counted(found.total, 'failure')}: {kinds}", "dim"))
