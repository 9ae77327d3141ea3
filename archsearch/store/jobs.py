"""Jobs: what servers are to do with studies. Each change names the states that it may start from.

Users, the runner and, at its end, the coordinator write a study's job. A change whose job is in another state than
expected does nothing, so that none of them overwrites what another has just written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select

from archsearch.errors import Refused, quoted
from archsearch.schema.states import StudyState
from archsearch.store import CoordinatorState, JobRow, JobState, StudyRow
from archsearch.store.studies import create_study, read_study, select_studies, set_state
from archsearch.store.tables import jobs, studies
from archsearch.store.trials import clean

ALIVE: tuple[JobState, ...] = ("running", "stopping")
"""States of jobs that have a coordinator, or are about to have one."""
ACTIVE: tuple[JobState, ...] = ("queued", *ALIVE)
"""States of jobs that concern a runner."""

_IDLE: tuple[JobState, ...] = ("created", "cancelled", "failed")
_NO_PROCESS = {"pid": None, "pid_started": None, "host": ""}


def add_studies(connection: Connection, at: str, named: Sequence[tuple[str, str]]) -> tuple[StudyRow, ...]:
    """Add studies by name and definition, without queueing them; `AlreadyCounted` when a name is taken."""
    rows = []
    for name, definition in named:
        row = create_study(connection, name, definition, at, "interrupted")
        _replace(connection, row.id, "created", 1, at)
        rows.append(_study(connection, row.id))
    return tuple(rows)


def enqueue(connection: Connection, at: str, study_id: int, workers: int) -> None:
    """Queue a study; `Refused` where a runner has it already."""
    row = _study(connection, study_id)
    job = find_job(connection, study_id)
    if job is not None and job.state in ACTIVE:
        raise Refused(f"study {quoted(row.name)} is {row.state} already")
    _replace(connection, study_id, "queued", workers, at)


def cancel(connection: Connection, at: str, study_id: int) -> StudyState:
    """Take a study out of the queue, or ask for its end; return the new state. `Refused` where neither applies.

    A study that runs without a job belongs to a command line, and is stopped there.
    """
    if _move(connection, study_id, ("queued",), at, state="cancelled"):
        return "cancelled"
    if _move(connection, study_id, ("running",), at, state="stopping"):
        return "stopping"
    row = _study(connection, study_id)
    if row.state == "running":
        raise Refused(f"study {quoted(row.name)} was started by `archsearch run`: stop it there")
    raise Refused(f"study {quoted(row.name)} is {row.state}: there is nothing to cancel")


def begin_job(connection: Connection, at: str, study_id: int) -> bool:
    """Take a study out of the queue to run it; False when it has left the queue already."""
    began = _move(connection, study_id, ("queued",), at, state="running", crashes=0, reason="", **_NO_PROCESS)
    if began:
        set_state(connection, study_id, "running")
    return began


def set_process(connection: Connection, at: str, study_id: int, pid: int, pid_started: float, host: str) -> None:
    """Record which process runs a study."""
    _move(connection, study_id, ALIVE, at, pid=pid, pid_started=pid_started, host=host)


def clear_process(connection: Connection, at: str, study_id: int) -> None:
    """Record that no process runs a study, without counting a crash."""
    _move(connection, study_id, ALIVE, at, **_NO_PROCESS)


def fail_job(connection: Connection, at: str, study_id: int, reason: str) -> None:
    """Record that the study cannot be run, and why."""
    if _move(connection, study_id, ACTIVE, at, state="failed", reason=clean(reason)):
        _rest(connection, study_id)


def stop_job(connection: Connection, at: str, study_id: int) -> None:
    """Record that a cancelled study has stopped.

    A study that runs although its job has no process is run by a command line, which goes on.
    """
    job = find_job(connection, study_id)
    if _move(connection, study_id, ("stopping",), at, state="cancelled") and job is not None and job.pid is not None:
        _rest(connection, study_id)


def count_crash(connection: Connection, at: str, study_id: int) -> int:
    """Count a crash of the coordinator; return the number in a row."""
    _move(connection, study_id, ALIVE, at, crashes=jobs.c.crashes + 1)
    return connection.scalar(select(jobs.c.crashes).where(jobs.c.study_id == study_id)) or 0


def forget_crashes(connection: Connection, at: str, study_id: int) -> None:
    """Record that the coordinator has made progress since it crashed."""
    _move(connection, study_id, ALIVE, at, crashes=0)


def begin_study(connection: Connection, study_id: int) -> None:
    """Mark the study running, and delete a job that was created, cancelled or failed."""
    set_state(connection, study_id, "running")
    connection.execute(delete(jobs).where(jobs.c.study_id == study_id, jobs.c.state.in_(_IDLE)))


def end_study(connection: Connection, study_id: int, state: CoordinatorState) -> None:
    """Record the state in which a study ends, and delete its job, unless it has been queued anew."""
    set_state(connection, study_id, state)
    connection.execute(delete(jobs).where(jobs.c.study_id == study_id, jobs.c.state != "queued"))


def list_jobs(connection: Connection) -> tuple[JobRow, ...]:
    """All jobs, in the order of their tickets."""
    return tuple(map(_read, connection.execute(_select().order_by(jobs.c.ticket, jobs.c.study_id))))


def find_job(connection: Connection, study_id: int) -> JobRow | None:
    """The job of a study."""
    row = connection.execute(_select().where(jobs.c.study_id == study_id)).first()
    return None if row is None else _read(row)


def _select() -> Select[Any]:
    return select(jobs, studies.c.name.label("study")).join(studies)


def _read(row: Row[Any]) -> JobRow:
    return JobRow(**row._mapping)


def _study(connection: Connection, study_id: int) -> StudyRow:
    row = connection.execute(select_studies().where(studies.c.id == study_id)).first()
    if row is None:
        raise ValueError(f"there is no study with the id {study_id}")
    return read_study(row)


def _replace(connection: Connection, study_id: int, state: JobState, workers: int, at: str) -> None:
    """Replace the study's job by a new one at the end of the queue."""
    connection.execute(delete(jobs).where(jobs.c.study_id == study_id))
    ticket = (connection.scalar(select(func.max(jobs.c.ticket))) or 0) + 1
    values = {"study_id": study_id, "state": state, "workers": workers, "ticket": ticket, "changed_at": at}
    connection.execute(jobs.insert().values(values))


def _move(connection: Connection, study_id: int, expected: Sequence[JobState], at: str, **values: object) -> bool:
    """Change a job if it is in one of the expected states; return whether it was."""
    changed = jobs.update().where(jobs.c.study_id == study_id, jobs.c.state.in_(expected))
    return connection.execute(changed.values(changed_at=at, **values)).rowcount == 1


def _rest(connection: Connection, study_id: int) -> None:
    """Mark the study interrupted: a killed coordinator cannot do so itself."""
    running = studies.update().where(studies.c.id == study_id, studies.c.state == "running")
    connection.execute(running.values(state="interrupted"))
