"""`archsearch failures`: what failed in a study, and why."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName
from archsearch.cli.output import Record, form
from archsearch.cli.series import Finding, emit_findings, open_studies
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import StudyRow
    from archsearch.store.store import Store

COLUMNS = ("at", "phase", "kind", "final", "attempt", "seed_index", "spec_id", "line", "reason")


def failures(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what failed in a study, with reasons, the latest last."""
    wanted = form(as_json, as_csv)
    from archsearch.store.store import Store

    with Store.read(storage) as store:
        found = open_studies(store, study)
        findings = [_finding(store, row, limit, titled=found.several) for row in found.rows]
    emit_findings(wanted, findings, found.several)


def _finding(store: Store, row: StudyRow, limit: int | None, *, titled: bool) -> Finding:
    from archsearch.findings.failures import latest_failures

    found = latest_failures(store, row, limit)
    document = dataclasses.replace(found, failures=found.failures[::-1])

    def draw(console: Console) -> None:
        from archsearch.cli.render_failures import draw_failures

        draw_failures(console, document, titled=titled)

    return Finding(row.name, Record(document, COLUMNS, list(map(vars, document.failures))), draw)


COMMAND = Command("Results", failures)
