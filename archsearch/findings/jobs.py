"""The queue of a server."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from archsearch.schema.states import StudyState

if TYPE_CHECKING:
    from archsearch.store.store import Store

_SHOWN = ("queued", "running", "stopping", "failed")


@dataclasses.dataclass(frozen=True)
class ServerJob:
    """What the server is to do, or has failed to do, about a study. `workers` are cores that it takes while it runs.

    `position` counts from 1 among those that wait, null for the others; `reason` says why it failed.
    """

    study: str
    state: StudyState
    workers: int
    position: int | None
    reason: str


@dataclasses.dataclass(frozen=True)
class Queue:
    """The server's cores, and the studies that it runs, will run or could not run."""

    cores: int
    jobs: tuple[ServerJob, ...]


def queue_of(store: Store, cores: int) -> Queue:
    """What a server with these cores runs, what waits, and what could not be run."""
    from archsearch.study.jobs import positions

    rows = store.jobs()
    queue = positions(rows)
    jobs = (
        ServerJob(row.study, row.state, row.workers, queue.get(row.study_id), row.reason)
        for row in rows
        if row.state in _SHOWN
    )
    return Queue(cores, tuple(jobs))
