"""`archsearch cancel`: take a study out of a server's queue, or let it stop."""

from __future__ import annotations

from archsearch.cli.options import Storage, StudyName
from archsearch.cli.output import complain, say
from archsearch.cli.series import open_studies
from archsearch.study import DEFAULT_STORAGE


def cancel(study: StudyName, storage: Storage = DEFAULT_STORAGE) -> None:
    """Stop a study that a server runs, or take it out of the server's queue.

    What has been evaluated is kept, and the study can be started again.
    """
    from archsearch.store import Store
    from archsearch.store.jobs import ACTIVE
    from archsearch.study.jobs import cancel_study, has_runner

    with Store.read(storage) as store:  # what does not exist is not made in order to cancel it
        rows = open_studies(store, study).rows
        active = {job.study_id for job in store.jobs() if job.state in ACTIVE}
        there = [row for row in rows if row.id in active] or rows
    with Store.create(storage) as store:
        states = {row.name: cancel_study(store, row.name).state for row in there}
    for name, state in states.items():
        say(f"{name} is {state}")
    if "stopping" in states.values() and not has_runner(storage):
        complain("no server looks after this database at present: `archsearch serve` will stop what runs")
