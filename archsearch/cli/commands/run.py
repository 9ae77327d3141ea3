"""`archsearch run`: a study from its start, or from where it stopped, to its end."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import Storage, TasksFrom
from archsearch.cli.output import complain, console, say
from archsearch.errors import Interrupted, Refused, quoted
from archsearch.schema.states import COMPLETED
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.study.definition import Definition


def run(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or a shipped study's name.")],
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, max=1024, help="Evaluations at once; by default one per core."),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    patience: Annotated[
        float,
        typer.Option("--patience", metavar="SECONDS", min=0, help="How long a database that stops answering may take."),
    ] = 600.0,
) -> None:
    """Run a study, or continue it, and print its board.

    A file with several tasks stands for one study after another. Ctrl-C stops cleanly: what has been evaluated is kept,
    and the same command goes on from there.
    """
    from archsearch.study.definition import load_studies

    definitions = load_studies(study, tasks_from)
    stored, tasks, failures = _storage_option(storage), _tasks_option(tasks_from), list[str]()
    try:
        for number, definition in enumerate(definitions, start=1):
            if number > 1:
                say()
            place = f"task {number} of {len(definitions)}" if len(definitions) > 1 else ""
            _run_one(definition, storage, workers, place, patience)
            failed = _print_board(storage, definition.name, tasks_from)
            failures += [f"study {quoted(definition.name)}: {failed}"] if failed else []
    except (Interrupted, KeyboardInterrupt) as error:
        again = f"archsearch run {shlex.quote(study)}{stored}{tasks}"
        complain(f"stopped; what has been evaluated is kept\ncontinue with: {again}")
        raise typer.Exit(Interrupted.exit_status) from error
    _point_further(storage, [definition.name for definition in definitions], stored, tasks)
    if failures:
        raise Refused("\n".join(failures))


def _run_one(definition: Definition, storage: str, workers: int | None, place: str, patience: float) -> None:
    """Run or continue one study, unless it is over; `place` says which of several it is."""
    row = _stored(storage, definition.name)
    if row is not None and row.state in COMPLETED and row.definition == definition.text:
        say(f"{definition.name} is {row.state} already; more trials or seeds in its file would continue it")
        say()
        return
    if place:
        complain(f"{definition.name}: {place}")
    from archsearch.cli.render_progress import listening
    from archsearch.study import coordinator

    with listening() as listen:
        coordinator.run(definition, storage, workers, listen, patience=patience)


def _stored(storage: str, name: str) -> StudyRow | None:
    """The study as the database has it; None where there is no database yet."""
    from archsearch.store.store import Store

    try:
        with Store.read(storage) as store:
            return store.find_study(name)
    except Refused:  # what is wrong with the database is said when it is opened for writing
        return None


def _print_board(storage: str, name: str, tasks_from: Path | None) -> str:
    """Print the board; say that every candidate failed, where that is so."""
    from archsearch.cli.commands.board import draw_board
    from archsearch.findings.boards import read_standing
    from archsearch.store.store import Store
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        standing = read_standing(store, find_study(store, name), None, tasks_from)
        draw_board(console(), standing)
    return standing.failed


def _point_further(url: str, names: Sequence[str], storage: str, tasks: str) -> None:
    """Name the commands that have something to show, with the options that each needs."""
    from archsearch.schema.series_names import series_of
    from archsearch.store.store import Store
    from archsearch.study.importance import LEAST_TRIALS
    from archsearch.study.stored import find_study

    options = storage + tasks
    with Store.read(url) as store:
        counts = [store.progress(find_study(store, name).id) for name in names]
    name = names[0] if len(names) == 1 else series_of(names[0])
    say()
    further = {
        f"archsearch show --study {names[-1]}{options}": "the equations of the first row",
        f"archsearch board {name} --phase search{options}": "every candidate of the search",
    }
    if any(count.trials.get("complete", 0) >= LEAST_TRIALS for count in counts):
        further[f"archsearch importance {name}{options}"] = "which holes mattered"
    if any(count.trials.get("failed") or count.failed or count.attempts for count in counts):
        further[f"archsearch failures {name}{storage}"] = "what failed, and why"
    width = max(map(len, further))
    for command, purpose in further.items():
        say(f"{command.ljust(width)}   {purpose}")


def _storage_option(storage: str) -> str:
    """The database as an option, unless it is the usual one; a password is not shown."""
    from archsearch.store.address import parse_address
    from archsearch.study.defaults import default_storage

    if storage == default_storage():
        return ""
    address = parse_address(storage)
    return f" --storage {shlex.quote(storage) if address.file else address.hint}"


def _tasks_option(tasks_from: Path | None) -> str:
    return f" --tasks-from {shlex.quote(str(tasks_from))}" if tasks_from else ""


COMMAND = Command("Studies", run)
