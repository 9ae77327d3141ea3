"""The store: a database of studies, opened for reading, or for what servers and commands write.

What the coordinator of a study writes is in `owned`: for that a study has to be owned.

Each method is one transaction. Errors that a user can meet are `Refused` or `InvalidInput`; `ValueError` is a mistake
of the calling code. No exception of the database library leaves this package.
"""

from __future__ import annotations

from archsearch.store import deletion, jobs
from archsearch.store.access import change
from archsearch.store.queries import Queries


class Store(Queries):
    """What servers and commands change, besides what a database is asked."""

    def delete_study(self, study_id: int) -> None:
        """Delete a study with all that no other one refers to; `Refused` while a runner has it."""
        self._write(lambda c: deletion.delete_study(c, study_id))

    add_studies = change(jobs.add_studies)
    enqueue = change(jobs.enqueue)
    cancel = change(jobs.cancel)
    begin_job = change(jobs.begin_job)
    set_process = change(jobs.set_process)
    clear_process = change(jobs.clear_process)
    fail_job = change(jobs.fail_job)
    stop_job = change(jobs.stop_job)
    count_crash = change(jobs.count_crash)
    forget_crashes = change(jobs.forget_crashes)
