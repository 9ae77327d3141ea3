"""The checks of `archsearch doctor` as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from archsearch.cli.output import visible

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.cli.commands.doctor import Check

_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


def draw_doctor(console: Console, checks: Sequence[Check]) -> None:
    """Print one line per check."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        state = Text(check.state.ljust(8), _STYLES[check.state])
        console.print(Text.assemble(state, check.name.ljust(width + 2), visible(check.found)), soft_wrap=True)
