"""`archsearch failures`: what failed in a study, and why."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName
from archsearch.cli.output import chosen_form, record_of
from archsearch.cli.series import show_studies
from archsearch.cli.tables import add_rows, plain_table, print_line, print_table
from archsearch.spelling import counted
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.evaluations import Failures
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


def failures(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what failed in a study, with reasons, the latest last."""
    from archsearch.findings.evaluations import latest_failures
    from archsearch.store import FailedAttempt

    def read(store: Store, row: StudyRow) -> Failures:
        latest = latest_failures(store, row, limit)
        return dataclasses.replace(latest, failures=latest.failures[::-1])

    show_studies(
        chosen_form(as_json, as_csv),
        storage,
        study,
        read,
        lambda document: record_of(document, document.failures, FailedAttempt),
        draw_failures,
    )


def draw_failures(console: Console, document: Failures, titled: bool) -> None:
    """Print one row per failure, and how many there are of each kind; `titled` under the study's name."""
    if not document.failures:
        print_line(console, f"{document.study}: nothing failed")
        return
    if titled:
        print_line(console, document.study, "bold")
    table = plain_table("phase", "candidate", ">seed", "what", "reason")
    for column, ratio in ((1, 2), (4, 3)):
        table.columns[column].ratio = ratio
    table.columns[3].no_wrap = True
    for failure in document.failures:
        what = failure.kind if failure.final else f"{failure.kind} (tried again)"
        add_rows(table, [(failure.phase, failure.line, failure.seed_index, what, failure.reason)])
    print_table(console, table)
    kinds = ", ".join(f"{number} {kind}" for kind, number in document.kinds.items())
    print_line(console, f"{counted(document.total, 'failure')}: {kinds}", "dim")


COMMAND = Command("Results", failures)
