"""What can be done with a study, in the state that it is in."""

from __future__ import annotations

import dataclasses

from archsearch.schema.states import StudyState
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.jobs import positions

_START: dict[StudyState, str] = {
    "created": "Start",
    "interrupted": "Go on",
    "cancelled": "Go on",
    "failed": "Try again",
    "exhausted": "Look again",
    "running": "Go on here",
}
"""What the button says; a running study has it only where no server runs it."""

_DELETED: tuple[StudyState, ...] = ("created", "interrupted", "cancelled", "failed", "finished", "exhausted")


@dataclasses.dataclass(frozen=True)
class Actions:
    """The buttons of a study. `start` is empty where it cannot be started; `cores` are those of the server.

    `position` counts from 1 among the `waiting`, 0 when it does not wait; `reason` says why it could not be run.
    """

    study: str
    start: str
    cancel: bool
    delete: bool
    cores: int
    workers: int
    position: int = 0
    waiting: int = 0
    reason: str = ""
    elsewhere: bool = False


def actions_of(store: Store, row: StudyRow, cores: int) -> Actions:
    """What can be done with a study on a server with these cores."""
    jobs = store.jobs()
    job = next((job for job in jobs if job.study_id == row.id), None)
    queue = positions(jobs)
    elsewhere = row.state == "running" and job is None
    started = row.state in _START and (row.state != "running" or elsewhere)
    return Actions(
        study=row.name,
        start=_START[row.state] if started else "",
        cancel=job is not None and job.state in ("queued", "running"),
        delete=row.state in _DELETED,
        cores=cores,
        workers=min(job.workers, cores) if job is not None and job.state != "created" else cores,
        position=queue.get(row.id, 0),
        waiting=len(queue),
        reason=job.reason if job is not None else "",
        elsewhere=elsewhere,
    )
