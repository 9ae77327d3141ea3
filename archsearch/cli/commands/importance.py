"""`archsearch importance`: which holes set the best candidates apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage, StudyName, TasksFrom
from archsearch.cli.output import chosen_form, record_of
from archsearch.cli.series import show_studies
from archsearch.cli.tables import print_line, print_rows
from archsearch.errors import Refused
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import StudyRow
    from archsearch.store.store import Store
    from archsearch.study.importance import Importance

_BAR = 30  # characters for a share of 1


def importance(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Say which holes set the best trials of the search apart."""
    from archsearch.study.importance import HoleShare, importance_of

    def read(store: Store, row: StudyRow) -> Importance | Refused:
        try:
            return importance_of(store, row, tasks_from)
        except Refused as error:  # another task may have enough trials
            return error

    show_studies(
        chosen_form(as_json, as_csv),
        storage,
        study,
        read,
        lambda document: record_of(document, document.importance, HoleShare),
        draw_importance,
    )


def draw_importance(console: Console, document: Importance, titled: bool) -> None:
    """Print one row per hole, the most important first, with bars on a terminal; `titled` under the study's name."""
    if titled:
        print_line(console, document.study, "bold")
    bars = console.is_terminal
    rows = [
        (row.hole, f"{row.share:.1%}", *([("━" * round(_BAR * row.share), "cyan")] if bars else []))
        for row in document.importance
    ]
    print_rows(console, ("hole", ">share", *([""] if bars else [])), rows)
    print_line(
        console,
        "how far the best trials of the search differ from all trials in this hole; shares sum to 100 %",
        "dim",
    )


COMMAND = Command("Results", importance)
