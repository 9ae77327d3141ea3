"""`archsearch delete`: a study and its results, for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import Storage, StudyName
from archsearch.cli.output import complain, say, visible
from archsearch.cli.series import open_studies
from archsearch.errors import InvalidInput, Problem, Refused, counted
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


def delete(
    study: StudyName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    storage: Storage = DEFAULT_STORAGE,
) -> None:
    """Delete a study with all its results, for good.

    Evaluations that another study counts too are kept. One that a server has is cancelled first: `archsearch cancel`.
    """
    from archsearch.store.store import Store
    from archsearch.study.jobs import delete_study, settle_study

    with Store.read(storage) as store:  # what does not exist is not made in order to delete from it
        rows = open_studies(store, study).rows
        question = "\n".join(f"delete {_describe(store, row)}" for row in rows)
        where = store.url
    if not yes:
        _ask(question, where)
    for row in rows:
        if row.state == "stopping":  # perhaps it has stopped, and there is no server to say so
            with Store.create(storage) as store:
                settle_study(store, row.name, storage)
        delete_study(storage, row.name)
        say(f"deleted {row.name}")


def _describe(store: Store, row: StudyRow) -> str:
    evaluations = sum(store.progress(row.id).runs.values())
    return f"{visible(row.name)} ({row.state}, {counted(evaluations, 'evaluation')})"


def _ask(question: str, where: str) -> None:
    """Return if the user at the terminal agrees; `Refused` if not, `InvalidInput` without a terminal."""
    complain(question)
    if not sys.stdin.isatty():
        raise InvalidInput(Problem(("--yes",), "there is no terminal to ask in", "add it to delete without a question"))
    if not typer.confirm(f"from {visible(where)}, for good?", err=True):
        raise Refused("nothing was deleted")


COMMAND = Command("Studies", delete)
