"""What people ask of a server: create a study, start, cancel and delete it. The runner does the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.store import HeldElsewhere, JobRow, StudyRow
from archsearch.store.deletion import require_idle
from archsearch.store.lock import runner_lock, study_lock
from archsearch.store.store import Store
from archsearch.study.mirror import delete_mirror
from archsearch.study.runner.processes import LocalLaunch
from archsearch.study.stored import unknown_study


def create_studies(store: Store, definitions: Sequence[tuple[str, str]]) -> tuple[StudyRow, ...]:
    """Store studies by name and `Definition.text`, all or none; they wait until they are started.

    Raises `AlreadyCounted` when a name is taken.
    """
    return store.add_studies(definitions)


def start_study(store: Store, name: str, workers: int | None, cores: int) -> StudyRow:
    """Let a study be run, or continued, as soon as `workers` of the `cores` are free (None: all of them).

    Raises `Refused` where it waits or runs already.
    """
    wanted = cores if workers is None else workers
    check_workers(wanted, cores)
    store.enqueue(_find(store, name).id, wanted)
    return _find(store, name)


def check_workers(workers: int, cores: int) -> None:
    """Raise `InvalidInput` unless the server has so many cores."""
    if not 1 <= workers <= cores:
        allowed = f"allowed: 1 to {cores}, the cores of this server"
        raise InvalidInput(Problem(("workers",), f"{workers} evaluations at once", allowed))


def cancel_study(store: Store, name: str, url: str | None = None) -> StudyRow:
    """Take a study out of the queue, or stop it; what has been evaluated is kept, and it can be started again.

    The server that looks after the queue stops what runs. There may be none: with the database's `url`, a study that
    nobody runs has stopped then. Raises `Refused` where there is nothing to cancel.
    """
    row = _find(store, name)
    settled = url is not None and settle_study(store, name, url)  # somebody may have asked for its end before
    if not settled and store.cancel(row.id) == "stopping" and url is not None:
        settle_study(store, name, url)
    return _find(store, name)


def settle_study(store: Store, name: str, url: str) -> bool:
    """Say of a study that was asked to stop that it has, where there is no server to do so; whether that was the case.

    Neither may anybody run it. `url` is that of the store, with its password.
    """
    study_id = _find(store, name).id
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
    """Whether a server runs the queue of this database now."""
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
        row = _find(store, name)
        require_idle(store.job(row.id))
        with study_lock(url, name):
            row = _find(store, name)  # it may have been deleted meanwhile, and made anew
            delete_mirror(url, name)  # first: without it a study is whole, and without a study it would be a lie
            store.delete_study(row.id)


def positions(jobs: Sequence[JobRow]) -> dict[int, int]:
    """The positions of those that wait, from 1, by the study's id; `jobs` are all of a database, in their order."""
    waiting = [job.study_id for job in jobs if job.state == "queued"]
    return {study_id: position for position, study_id in enumerate(waiting, start=1)}


def _find(store: Store, name: str) -> StudyRow:
    row = store.find_study(name)
    if row is None:
        raise unknown_study(store, name)
    return row
