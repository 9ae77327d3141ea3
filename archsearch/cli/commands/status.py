"""`archsearch status`: the studies in a database, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import Record, emit, form
from archsearch.cli.series import Finding, emit_findings, open_studies
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import JobRow, StudyRow
    from archsearch.store.store import Store

LIST_COLUMNS = (
    "study",
    "state",
    "task",
    "trials",
    "trials_wanted",
    "best",
    "best_line",
    "created_at",
    "position",
    "reason",
    "note",
)
PHASE_COLUMNS = ("phase", "done", "planned", "failed")


def status(
    study: Annotated[
        str | None, typer.Argument(metavar="STUDY", help="A study's name or its file; all of them by default.")
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the studies in the database, or say how far one is."""
    wanted = form(as_json, as_csv)
    from archsearch.store.store import Store

    with Store.read(storage) as store:
        if study is None:
            listed = _list(store)
            emit(wanted, listed.record, listed.draw)
            return
        found = open_studies(store, study)
        findings = [_one(store, row) for row in found.rows]
    emit_findings(wanted, findings, found.several)


def _list(store: Store) -> Finding:
    from archsearch.findings.studies import summary_of

    jobs = store.jobs()
    rows = [vars(summary_of(store, row)) | _facts(jobs, row) for row in store.list_studies()]
    document = {"storage": store.url, "studies": rows}

    def draw(console: Console) -> None:
        from archsearch.cli.render_status import draw_list

        draw_list(console, document)

    return Finding("", Record(document, LIST_COLUMNS, rows), draw)


def _one(store: Store, row: StudyRow) -> Finding:
    from archsearch.findings.studies import progress_of

    jobs = store.jobs()
    document = {"storage": store.url} | vars(progress_of(store, row)) | _facts(jobs, row)
    served = any(job.study_id == row.id for job in jobs)

    def draw(console: Console) -> None:
        from archsearch.cli.render_status import draw_one

        draw_one(console, document, served=served)

    return Finding(row.name, Record(document, PHASE_COLUMNS, list(map(vars, document["phases"]))), draw)


def _facts(jobs: Sequence[JobRow], row: StudyRow) -> dict[str, Any]:
    """What is said of a study that a server is to run: its position in the queue, or why it could not be run."""
    from archsearch.study.jobs import positions

    reason = next((job.reason for job in jobs if job.study_id == row.id), "")
    return {"position": positions(jobs).get(row.id), "reason": reason}


COMMAND = Command("Studies", status)
