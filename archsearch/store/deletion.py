"""Deleting a study: with everything that is its own, and nothing that another study has too."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, exists, select

from archsearch.errors import Refused, quoted
from archsearch.store import JobRow
from archsearch.store.jobs import ACTIVE, find_job
from archsearch.store.optuna_copy import delete_copy
from archsearch.store.tables import (
    architectures,
    attempts,
    entries,
    environments,
    evaluations,
    jobs,
    runs,
    specs,
    spellings,
    studies,
    trials,
    weights,
)


def delete_study(connection: Connection, study_id: int) -> None:
    """Delete a study and Optuna's copy of it; `Refused` while a runner has it.

    Evaluations that another study counts too are kept.
    """
    require_idle(find_job(connection, study_id))
    name = connection.scalar(select(studies.c.name).where(studies.c.id == study_id))
    if name is not None:
        delete_copy(connection, name)
    _delete_repeats_first(connection, study_id)
    for table in (runs, attempts, entries, spellings, jobs):
        connection.execute(delete(table).where(table.c.study_id == study_id))
    connection.execute(delete(studies).where(studies.c.id == study_id))
    _delete_unused(connection)


def require_idle(job: JobRow | None) -> None:
    """Raise `Refused` while a runner has the study."""
    if job is not None and job.state in ACTIVE:
        remedy = "it can be deleted once it has stopped" if job.state == "stopping" else "cancel it first"
        raise Refused(f"study {quoted(job.study)} is {job.state}: {remedy}")


def _delete_repeats_first(connection: Connection, study_id: int) -> None:
    """Trials refer to those that they repeat."""
    mine = trials.c.study_id == study_id
    connection.execute(delete(trials).where(mine, trials.c.repeat_of.is_not(None)))
    connection.execute(delete(trials).where(mine))


def _delete_unused(connection: Connection) -> None:
    """Delete what no study refers to any more, each table after those that refer to it."""
    unused = select(evaluations.c.id).where(~exists().where(runs.c.evaluation_id == evaluations.c.id))
    connection.execute(delete(weights).where(weights.c.evaluation_id.in_(unused)))
    connection.execute(delete(evaluations).where(evaluations.c.id.in_(unused)))
    used = [table.c.spec_id for table in (evaluations, runs, attempts, entries, spellings, trials)]
    connection.execute(delete(specs).where(*(~exists().where(column == specs.c.spec_id) for column in used)))
    _delete_where_unused(connection, architectures, "arch_id", specs, "arch_id")
    _delete_where_unused(connection, environments, "fingerprint", evaluations, "environment")


def _delete_where_unused(connection: Connection, table: Table, key: str, reader: Table, column: str) -> None:
    connection.execute(delete(table).where(~exists().where(reader.c[column] == table.c[key])))
