"""What users ask of a server: start, cancel and delete a study. The runner does the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.store import HeldElsewhere, JobRow, StudyRow
from archsearch.store.deletion import require_idle
from archsearch.store.lock import runner_lock, study_lock
from archsearch.store.store import Store
from archsearch.study.runner.processes import LocalLaunch
from archsearch.study.stored import named_study


def start_study(store: Store, name: str, workers: int | None, cores: int) -> StudyRow:
    """Queue a study: it runs, or goes on, as soon as `workers` of the `cores` are free (None: all of them).

    Raises `Refused` where it is queued or runs already.
    """
    wanted = cores if workers is None else workers
    check_workers(wanted, cores)
    store.enqueue(named_study(store, name).id, wanted)
    return named_study(store, name)


def check_workers(workers: int, cores: int) -> None:
    """Raise `InvalidInput` unless the server has at least `workers` cores."""
    if not 1 <= workers <= cores:
        allowed = f"allowed: 1 to {cores}, the cores of this server"
        raise InvalidInput(Problem(("workers",), f"{workers} evaluations at once", allowed))


def cancel_study(store: Store, name: str, url: str | None = None) -> StudyRow:
    """Take a study out of the queue, or stop it; what has been evaluated is kept, and it can be started again.

    A running coordinator is stopped by the server that runs the queue. Given the database's `url`, this also works
    where there is neither. Raises `Refused` where there is nothing to cancel.
    """
    row = named_study(store, name)
    settled = url is not None and settle_study(store, name, url)  # it may have been cancelled before
    if not settled and store.cancel(row.id) == "stopping" and url is not None:
        settle_study(store, name, url)
    return named_study(store, name)


def settle_study(store: Store, name: str, url: str) -> bool:
    """Record that a cancelled study has stopped, where no server or coordinator does; whether it was.

    `url` is that of the store, with its password.
    """
    study_id = named_study(store, name).id
    if not _is_stopping(store, study_id):
        return False
    with contextlib.suppress(Refused), runner_lock(url):
        job = store.job(study_id)
        if job is None or LocalLaunch(url).find(job).status is None:  # it may be about to take the study's lock
            return False
        with study_lock(url, name):
            store.stop_job(study_id)
        return True
    return False


def _is_stopping(store: Store, study_id: int) -> bool:
    job = store.job(study_id)
    return job is not None and job.state == "stopping"


def has_runner(url: str) -> bool:
    """Whether a server runs the queue of this database."""
    try:
        with runner_lock(url):
            return False
    except HeldElsewhere:
        return True


def delete_study(url: str, name: str) -> None:
    """Delete a study with all its results, and Optuna's copy of it; `Refused` while it runs or waits.

    Evaluations that another study counts too are kept.
    """
    with Store.create(url) as store:
        row = named_study(store, name)
        require_idle(store.job(row.id))
        with study_lock(url, name):
            row = named_study(store, name)  # it may have been deleted and created anew meanwhile
            store.delete_study(row.id)


def positions(jobs: Sequence[JobRow]) -> dict[int, int]:
    """The positions of those that wait, from 1, by the study's id; `jobs` are all of a database, in their order."""
    waiting = [job.study_id for job in jobs if job.state == "queued"]
    return {study_id: position for position, study_id in enumerate(waiting, start=1)}
