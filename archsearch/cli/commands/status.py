"""`archsearch status`: the studies in a database, and how far one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import chosen_form, emit, record_of, visible
from archsearch.cli.series import show_studies
from archsearch.cli.tables import clipped, print_line, print_rows, text_of
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from archsearch.findings.studies import Progress, Studies, StudySummary

_STYLES = {
    "finished": "green",
    "exhausted": "green",
    "interrupted": "yellow",
    "cancelled": "yellow",
    "failed": "red",
    "running": "cyan",
    "stopping": "cyan",
}
_SERVED = "a server runs it; after a stop of the server, the next one goes on with it"
_CONTINUED = "`archsearch run` with its file, or a server, continues it"
_MEANINGS = {
    "created": "not started yet: `archsearch run` with its file, or a server, starts it",
    "queued": "a server runs it when its turn comes",
    "running": "if its process has ended without a word, `archsearch run` with its file continues it",
    "stopping": "its server waits for its process to end",
    "interrupted": _CONTINUED,
    "cancelled": _CONTINUED,
    "failed": "`archsearch run` with its file, or a server, tries again",
    "exhausted": "the search stopped early: the space holds nothing new",
}


def status(
    study: Annotated[
        str | None, typer.Argument(metavar="STUDY", help="A study's name or its file; all of them by default.")
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the studies in the database, or say how far one is."""
    form = chosen_form(as_json, as_csv)
    from archsearch.findings.studies import PhaseCounts, StudySummary, progress_of, studies_of
    from archsearch.store.store import Store

    if study is not None:
        show_studies(
            form,
            storage,
            study,
            progress_of,
            lambda progress: record_of(progress, progress.phases, PhaseCounts),
            lambda console, progress, _: draw_progress(console, progress),
        )
        return
    with Store.read(storage) as store:
        document, url = studies_of(store, store.list_studies()), store.url
    record = record_of(document, document.studies, StudySummary)
    emit(form, record, lambda console: draw_studies(console, document, url))


def draw_studies(console: Console, document: Studies, url: str) -> None:
    """Print one line per study."""
    if not document.studies:
        print_line(console, f"no studies in {url}", wrap=False)
        return
    rows = [
        (
            row.study,
            _state(row),
            row.task,
            f"{row.trials}/{row.trials_wanted}",
            _value(row.best),
            clipped(visible(row.best_line or ""), "dim"),
        )
        for row in document.studies
    ]
    print_rows(console, ("study", "state", "task", ">trials", ">best", "best candidate"), rows)
    for row in document.studies:
        if row.reason:
            print_line(console, f"{visible(row.study)} failed: {visible(row.reason)}", "red", wrap=False)
        if row.note:
            print_line(console, f"{visible(row.study)}: {visible(row.note)}", "red", wrap=False)
    print_line(console, "best: of the search, not a result; `archsearch board STUDY` has those", "dim")


def draw_progress(console: Console, progress: Progress) -> None:
    """Print how far a study is."""
    print_line(console, text_of((progress.study, "bold"), ": ", _state(progress)))
    for problem in filter(None, (progress.reason, progress.note)):
        print_line(console, problem, "red", wrap=False)
    meaning = _SERVED if progress.workers is not None and progress.state == "running" else _MEANINGS.get(progress.state)
    if meaning:
        print_line(console, meaning, "dim")
    console.print()
    rows = (vars(phase).values() for phase in progress.phases)
    print_rows(console, ("phase", ">evaluations", ">planned", ">failed"), rows)
    console.print()
    states = ", ".join(f"{number} {state}" for state, number in progress.trial_states.items() if number)
    print_line(console, f"trials: {progress.trials} of {progress.trials_wanted} ended ({states or 'none yet'})")
    if progress.extra:
        print_line(console, "; ".join(progress.extra))
    if progress.best is not None:
        print_line(console, f"best of the search: {_value(progress.best)}  {visible(progress.best_line)}")


def _state(row: StudySummary) -> Text:
    from rich.text import Text

    position = "" if row.position is None else f" (position {row.position})"
    return Text(f"{row.state}{position}", _STYLES.get(row.state, ""))


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


COMMAND = Command("Studies", status)
