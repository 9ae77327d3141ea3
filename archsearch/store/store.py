"""The store: a database of studies, opened for reading, or for what servers and commands write.

What the coordinator of a study writes is in `owned`: for that a study has to be owned.

Each method is one transaction. Errors that a user can meet are `Refused` or `InvalidInput`; `ValueError` is a mistake
of the calling code. No exception of the database library leaves this package.
"""

from __future__ import annotations

from collections.abc import Sequence

from archsearch.schema.states import StudyState
from archsearch.store import deletion, jobs, trials
from archsearch.store.queries import Queries
from archsearch.store.rows import StudyRow


class Store(Queries):
    """What servers and commands change, besides what a database is asked."""

    # --- studies

    def delete_study(self, study_id: int) -> None:
        """Delete a study with all that no other one refers to; `Refused` while a runner has it."""
        self._write(lambda c: deletion.delete_study(c, study_id))

    # --- jobs

    def add_studies(self, named: Sequence[tuple[str, str]]) -> tuple[StudyRow, ...]:
        """Add studies in state "created" by name and definition, all or none; `AlreadyCounted` for a name twice."""
        return self._write(lambda c: jobs.add_studies(c, named, self._clock()))

    def enqueue(self, study_id: int, workers: int) -> None:
        """Let a study be run when its turn comes; `Refused` where a runner has it already."""
        self._write(lambda c: jobs.enqueue(c, study_id, workers, self._clock()))

    def cancel(self, study_id: int) -> StudyState:
        """Take a study out of the queue, or ask for its end; `Refused` where there is nothing to cancel."""
        return self._write(lambda c: jobs.cancel(c, study_id, self._clock()))

    def begin_job(self, study_id: int) -> bool:
        """Take a study out of the queue to run it; False when it is not there any more."""
        return self._write(lambda c: jobs.begin_job(c, study_id, self._clock()))

    def set_process(self, study_id: int, pid: int, pid_started: float, host: str) -> None:
        """Say which process runs a study."""
        self._write(lambda c: jobs.set_process(c, study_id, pid, pid_started, host, self._clock()))

    def clear_process(self, study_id: int) -> None:
        """Say that no process runs a study, without anything having gone wrong."""
        self._write(lambda c: jobs.clear_process(c, study_id, self._clock()))

    def fail_job(self, study_id: int, reason: str) -> None:
        """The study cannot be run, and why."""
        self._write(lambda c: jobs.fail_job(c, study_id, trials.clean(reason), self._clock()))

    def stop_job(self, study_id: int) -> None:
        """What was asked to stop has stopped."""
        self._write(lambda c: jobs.stop_job(c, study_id, self._clock()))

    def count_crash(self, study_id: int) -> int:
        """One crash more of the coordinator; how many there were in a row."""
        return self._write(lambda c: jobs.count_crash(c, study_id, self._clock()))

    def forget_crashes(self, study_id: int) -> None:
        """The coordinator has got on since it crashed."""
        self._write(lambda c: jobs.forget_crashes(c, study_id, self._clock()))
