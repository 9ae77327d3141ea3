"""What commands that read results have in common: one study, or one per task of a file, in the form asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from archsearch.cli.output import Form, Record, complain, emit

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store.store import Store
    from archsearch.study.stored import Found


@dataclasses.dataclass(frozen=True)
class Finding:
    """What was found of one study, and how it is drawn as text."""

    study: str
    record: Record
    draw: Callable[[Console], None]


def open_studies(store: Store, reference: str) -> Found:
    """The stored studies that a reference means; tasks that have not begun are named on stderr."""
    from archsearch.study.stored import find_studies

    found = find_studies(store, reference)
    for name in found.missing:
        complain(f"{name} has not begun")
    return found


def emit_findings(wanted: Form, findings: Sequence[Finding], several: bool) -> None:
    """Print what was found of one study; of several one after another, as a JSON list, or as one table."""
    if not several:
        (only,) = findings
        emit(wanted, only.record, only.draw)
        return
    columns = dict.fromkeys(column for each in findings for column in each.record.columns if column != "study")
    rows = [{"study": each.study, **row} for each in findings for row in each.record.rows]

    def draw(console: Console) -> None:
        for number, each in enumerate(findings):
            if number:
                console.print()
            each.draw(console)

    emit(wanted, Record([each.record.document for each in findings], ["study", *columns], rows), draw)
