"""Numbers of a study without the rows they stand in, for pages that are drawn again and again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.states import TrialState
from archsearch.store.tables import attempts, by_code_points, entries, environments, evaluations, runs, specs, trials

NO_CELL = "no cell"
"""The kind of failure of a proposal of which no cell could be made."""

_AT_ONCE = 500  # a database bounds the parameters of a query


def trial_values(connection: Connection, study_id: int) -> tuple[tuple[int, TrialState, float | None], ...]:
    """Number, state and value of the trials that have ended, in the order in which they did, repeats left out."""
    query = (
        select(trials.c.number, trials.c.state, trials.c.value)
        .where(trials.c.study_id == study_id, trials.c.repeat_of.is_(None), trials.c.finished_at.is_not(None))
        .order_by(trials.c.finished_at, trials.c.number)
    )
    return tuple((number, state, value) for number, state, value in connection.execute(query))


def last_evaluations(connection: Connection, study_id: int, count: int) -> tuple[tuple[str, float], ...]:
    """When the latest evaluations of a study ended and the seconds they took, the latest first.

    The latest are those that were recorded last: to sort 10,000 by their ends takes 18 ms, and their numbers 3 ms.
    """
    mine = (runs.c.study_id == study_id, runs.c.evaluation_id.is_not(None))
    latest = select(runs.c.evaluation_id).where(*mine).order_by(runs.c.evaluation_id.desc()).limit(count)
    query = (
        select(evaluations.c.finished_at, evaluations.c.seconds)
        .where(evaluations.c.id.in_(latest))
        .order_by(evaluations.c.finished_at.desc())
    )
    return tuple((at, seconds) for at, seconds in connection.execute(query))


def baselines(connection: Connection, study_id: int, phase: Phase) -> tuple[tuple[str, str, float | None], ...]:
    """Label, spec and mean objective of the baselines of a phase that have a result; None where a seed has failed."""
    query = (
        select(
            entries.c.label,
            entries.c.spec_id,
            func.avg(evaluations.c.objective),
            func.count(),
            func.count(evaluations.c.objective),
        )
        .join(
            runs,
            (runs.c.study_id == entries.c.study_id)
            & (runs.c.phase == entries.c.phase)
            & (runs.c.spec_id == entries.c.spec_id),
        )
        .join(evaluations, runs.c.evaluation_id == evaluations.c.id, isouter=True)
        .where(entries.c.study_id == study_id, entries.c.phase == phase, entries.c.role == "baseline")
        .group_by(entries.c.label, entries.c.spec_id)
        .order_by(by_code_points(entries.c.label))
    )
    rows = connection.execute(query)
    return tuple(
        (label, spec_id, mean if counted == scored else None) for label, spec_id, mean, counted, scored in rows
    )


def failure_kinds(connection: Connection, study_id: int) -> dict[str, int]:
    """How many attempts and proposals of a study failed, by kind, the most frequent first, equals by name."""
    counts = dict(
        connection.execute(
            select(attempts.c.kind, func.count()).where(attempts.c.study_id == study_id).group_by(attempts.c.kind)
        ).all()
    )
    refused = select(func.count()).where(
        trials.c.study_id == study_id, trials.c.state == "failed", trials.c.spec_id.is_(None)
    )
    number = connection.scalar(refused) or 0
    if number:
        counts[NO_CELL] = number
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def lines_of(connection: Connection, study_id: int, spec_ids: Iterable[str]) -> dict[str, str]:
    """What specs are called in a study: a baseline by its label, a candidate by its line."""
    query = (
        select(specs.c.spec_id, specs.c.line, func.max(by_code_points(entries.c.label)))
        .join(entries, (entries.c.spec_id == specs.c.spec_id) & (entries.c.study_id == study_id))
        .where(entries.c.phase.in_(PHASES))
        .group_by(specs.c.spec_id, specs.c.line)
    )
    ids = sorted(set(spec_ids))
    lines: dict[str, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = query.where(specs.c.spec_id.in_(ids[start : start + _AT_ONCE]))
        lines |= {spec_id: label or line for spec_id, line, label in connection.execute(part)}
    return lines


def environments_of(connection: Connection, study_id: int) -> tuple[tuple[dict[str, Any], int], ...]:
    """The environments in which a study's evaluations ran and how many did in each, the most used first."""
    counted = (
        select(evaluations.c.environment, func.count().label("number"))
        .join(runs, runs.c.evaluation_id == evaluations.c.id)
        .where(runs.c.study_id == study_id)
        .group_by(evaluations.c.environment)
        .subquery()
    )
    query = (
        select(environments.c.document, counted.c.number)
        .join(counted, counted.c.environment == environments.c.fingerprint)
        .order_by(counted.c.number.desc(), environments.c.fingerprint)
    )
    return tuple((json.loads(document), number) for document, number in connection.execute(query))
