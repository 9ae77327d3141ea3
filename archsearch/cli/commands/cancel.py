"""`archsearch cancel`: take a study out of a server's queue, or let it stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from archsearch.cli.commands import Command
from archsearch.cli.options import Storage, StudyName
from archsearch.cli.output import complain, say
from archsearch.cli.series import open_studies
from archsearch.errors import Refused
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from archsearch.schema.states import StudyState
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


def cancel(study: StudyName, storage: Storage = DEFAULT_STORAGE) -> None:
    """Stop a study that a server runs, or has in its queue.

    What has been evaluated is kept, and the study can be started again.
    """
    from archsearch.store.jobs import ACTIVE
    from archsearch.store.store import Store
    from archsearch.study.jobs import has_runner

    with Store.read(storage) as store:  # what does not exist is not made in order to cancel it
        rows = open_studies(store, study).rows
        active = {job.study_id for job in store.jobs() if job.state in ACTIVE}
        chosen = [row for row in rows if row.id in active] or rows
    with Store.create(storage) as store:
        states = _cancel_all(store, storage, chosen)
    if "stopping" in states and not has_runner(storage):
        complain("no server looks after this database at present: `archsearch serve` will stop what runs")


def _cancel_all(store: Store, storage: str, rows: Sequence[StudyRow]) -> list[StudyState]:
    """The states that follow, of those that could be cancelled; `Refused` where none could."""
    from archsearch.store import Unavailable
    from archsearch.study.jobs import cancel_study

    states: list[StudyState] = []
    refused: list[Refused] = []
    for row in rows:
        try:
            states.append(cancel_study(store, row.name, storage).state)
        except Unavailable:
            raise
        except Refused as error:
            refused.append(error)
        else:
            say(f"{row.name} is {states[-1]}")
    if not states:
        raise refused[0]
    for refusal in refused:
        complain(refusal)
    return states


COMMAND = Command("Studies", cancel)
