"""`archsearch doctor`: whether this machine has what a study needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import chosen_form, emit, record_of, visible
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


def doctor(storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Check Python, torch, the compiler and the database.

    The exit status is 1 when something will not work.
    """
    from archsearch.cli.diagnosis import Check, examine

    form = chosen_form(as_json, as_csv)
    checks = tuple(examine(storage))
    healthy = all(check.state != "failed" for check in checks)

    def draw(console: Console) -> None:
        from rich.text import Text

        width = max(len(check.check) for check in checks)
        for check in checks:
            state = Text(check.state.ljust(8), _STYLES[check.state])
            console.print(Text.assemble(state, check.check.ljust(width + 2), visible(check.found)), soft_wrap=True)

    emit(form, record_of({"healthy": healthy, "checks": checks}, checks, Check), draw)
    if not healthy:
        raise typer.Exit(1)


COMMAND = Command("Machine", doctor)
