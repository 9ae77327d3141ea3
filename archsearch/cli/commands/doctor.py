"""`archsearch doctor`: whether this machine has what a study needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import chosen_form, emit, record_of
from archsearch.cli.tables import print_line, text_of
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
        width = max(len(check.check) for check in checks)
        for check in checks:
            state = (check.state.ljust(8), _STYLES[check.state])
            print_line(console, text_of(state, check.check.ljust(width + 2), check.found), wrap=False)

    emit(form, record_of({"healthy": healthy, "checks": checks}, checks, Check), draw)
    if not healthy:
        raise typer.Exit(1)


COMMAND = Command("Machine", doctor)
