"""`archsearch doctor`: whether this machine has what a study needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import Record, Value, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("check", "state", "found")


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing looked at. `warning`: works, but not as well as it could; `failed`: something will not work."""

    name: str
    found: str
    state: Literal["ok", "warning", "failed"] = "ok"


def doctor(storage: Storage = DEFAULT_STORAGE, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Check Python, torch, the compiler and the database.

    The exit status is 1 when something will not work.
    """
    wanted = form(as_json, as_csv)
    checks = list(examine(storage))
    rows: list[dict[str, Value]] = [
        {"check": check.name, "state": check.state, "found": check.found} for check in checks
    ]
    healthy = all(check.state != "failed" for check in checks)

    def draw(console: Console) -> None:
        from archsearch.cli.render_doctor import draw_doctor

        draw_doctor(console, checks)

    emit(wanted, Record({"healthy": healthy, "checks": rows}, COLUMNS, rows), draw)
    if not healthy:
        raise typer.Exit(1)


def examine(storage: str) -> Iterator[Check]:
    """Every check, in the order of printing."""
    from archsearch.cli import diagnosis

    yield diagnosis.python()
    yield from diagnosis.packages()
    yield diagnosis.threads()
    yield diagnosis.memory()
    yield diagnosis.compiler()
    yield diagnosis.sqlite()
    yield diagnosis.database(storage)
    yield diagnosis.writable(storage)


COMMAND = Command("Machine", doctor)
