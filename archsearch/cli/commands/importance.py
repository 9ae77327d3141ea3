"""`archsearch importance`: which holes set the best candidates apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage, StudyName, TasksFrom
from archsearch.cli.output import Record, complain, form
from archsearch.cli.series import Finding, emit_findings, open_studies
from archsearch.errors import Refused
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import StudyRow
    from archsearch.store.store import Store

COLUMNS = ("hole", "share")


def importance(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Say which holes set the best trials of the search apart."""
    wanted = form(as_json, as_csv)
    from archsearch.store.store import Store

    findings, refusals = [], []
    with Store.read(storage) as store:
        found = open_studies(store, study)
        for row in found.rows:
            try:
                findings.append(_finding(store, row, tasks_from, titled=found.several))
            except Refused as error:  # said below: of other tasks there may be something to say
                refusals.append(str(error))
    if not findings:
        raise Refused("\n".join(refusals))
    emit_findings(wanted, findings, found.several)
    for refusal in refusals:
        complain(refusal)


def _finding(store: Store, row: StudyRow, tasks_from: Path | None, *, titled: bool) -> Finding:
    from archsearch.findings.importance import importance_of

    document = importance_of(store, row, tasks_from)

    def draw(console: Console) -> None:
        from archsearch.cli.render_importance import draw_importance

        draw_importance(console, document, titled=titled)

    return Finding(row.name, Record(document, COLUMNS, list(map(vars, document.importance))), draw)


COMMAND = Command("Results", importance)
