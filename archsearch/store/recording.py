"""Record evaluations, runs and attempts: a finished evaluation is recorded whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, func, select

from archsearch.schema.canonical import canonical_json, digest
from archsearch.schema.score import MACHINE_FAILURES, Failure, FailureKind, Score
from archsearch.store import AlreadyCounted, EvaluationKey, Run, TrialEnd
from archsearch.store.entries import has_entry
from archsearch.store.results import find_complete, find_environment
from archsearch.store.tables import attempts, environments, evaluations, matching, runs, trials
from archsearch.store.tables import weights as weights_table
from archsearch.store.trials import clean, finish_trial

Reports = Sequence[tuple[int, float]]

_RUN = matching(runs.c.study_id, runs.c.phase, runs.c.spec_id, runs.c.seed_index)
_ADD_RUN, _ADD_EVALUATION, _ADD_WEIGHTS = runs.insert(), evaluations.insert(), weights_table.insert()


def record_completion(
    connection: Connection,
    at: str,
    run: Run,
    key: EvaluationKey,
    score: Score,
    environment: Mapping[str, object],
    *,
    reports: Reports = (),
    weights: bytes | None = None,
    trial: TrialEnd | None = None,
) -> int:
    """Store an evaluation, its run, its weights and the end of its trial; return its id.

    `AlreadyCounted` when the run has a result already. When another study has finished an evaluation with this key
    meanwhile, the run counts that one.
    """
    _check(connection, run, key)
    if score.backend != key.backend:
        raise ValueError(f"the score comes from backend {score.backend}, the key names {key.backend}")
    evaluation = find_complete(connection, key)
    if evaluation is None:
        score = Score.model_validate(score.model_dump())  # model_construct and model_copy validate nothing
        values = _score_values(score) | {"state": "complete"}
        evaluation_id = _insert(connection, key, environment, reports, score.seconds, values, at)
        if weights is not None:
            connection.execute(_ADD_WEIGHTS, {"evaluation_id": evaluation_id, "safetensors": weights})
    else:
        evaluation_id = evaluation.id
    _count(connection, run, trial, at, evaluation_id=evaluation_id)
    return evaluation_id


def record_pruned(
    connection: Connection,
    at: str,
    run: Run,
    key: EvaluationKey,
    environment: Mapping[str, object],
    *,
    seconds: float,
    reports: Reports = (),
    trial: TrialEnd | None = None,
) -> int:
    """Store an evaluation that was stopped early, its run and the end of its trial; return its id."""
    _check(connection, run, key)
    evaluation_id = _insert(connection, key, environment, reports, seconds, {"state": "pruned"}, at)
    _count(connection, run, trial, at, evaluation_id=evaluation_id)
    return evaluation_id


def link_existing(
    connection: Connection, at: str, run: Run, key: EvaluationKey, *, trial: TrialEnd | None = None
) -> bool:
    """Count an evaluation that is complete already as the result of `run`.

    False when there is none with this key: the study that had it may have been deleted meanwhile.
    """
    _check(connection, run, key)
    evaluation = find_complete(connection, key)
    if evaluation is not None:
        _count(connection, run, trial, at, evaluation_id=evaluation.id)
    return evaluation is not None


def record_attempt(connection: Connection, at: str, run: Run, failure: Failure) -> int:
    """Store a failure that will be tried again; return the number of failed attempts so far."""
    return _attempt(connection, at, run, failure, final=False)


def _attempt(connection: Connection, at: str, run: Run, failure: Failure, *, final: bool) -> int:
    _check(connection, run)
    number = count_attempts(connection, run) + 1
    values = {"attempt": number, "kind": failure.kind, "reason": clean(failure.reason), "final": final, "at": at}
    connection.execute(attempts.insert().values(**vars(run), **values))
    return number


def record_failure(
    connection: Connection, at: str, run: Run, failure: Failure, *, trial: TrialEnd | None = None
) -> None:
    """Count a failure as the result of `run`."""
    _attempt(connection, at, run, failure, final=True)
    _count(connection, run, trial, at, kind=failure.kind, reason=clean(failure.reason))


def count_attempts(connection: Connection, run: Run, kind: FailureKind | None = None) -> int:
    """The number of failed attempts at `run` so far, of one kind or of all."""
    of_kind = [] if kind is None else [attempts.c.kind == kind]
    return connection.scalar(select(func.count()).where(*_same(attempts, run), *of_kind)) or 0


def count_machine_failures(connection: Connection, study_id: int) -> int:
    """The number of failures of the machine that an earlier version has counted as results."""
    return connection.scalar(select(func.count()).where(*_of_machine(runs, study_id))) or 0


def reopen_machine_failures(connection: Connection, study_id: int) -> None:
    """Take back what `count_machine_failures` counts: the evaluations are open again, and their trials run."""
    mine = trials.c.study_id == study_id
    specs = select(runs.c.spec_id).where(*_of_machine(runs, study_id), runs.c.phase == "search")
    first = select(trials.c.number).where(mine, trials.c.spec_id.in_(specs), trials.c.repeat_of.is_(None))
    numbers = list(connection.scalars(first))
    again = trials.c.number.in_(numbers) | trials.c.repeat_of.in_(numbers)
    connection.execute(trials.update().where(mine, again).values(state="running", value=None, finished_at=None))
    connection.execute(runs.delete().where(*_of_machine(runs, study_id)))
    connection.execute(attempts.update().where(*_of_machine(attempts, study_id)).values(final=False))


def _of_machine(table: Table, study_id: int) -> list[ColumnElement[bool]]:
    return [table.c.study_id == study_id, table.c.kind.in_(sorted(MACHINE_FAILURES))]


def _score_values(score: Score) -> dict[str, object]:
    values = score.model_dump(exclude={"seconds", "backend"})
    values["curve"] = canonical_json([list(point) for point in score.curve])
    return values


def _insert(
    connection: Connection,
    key: EvaluationKey,
    environment: Mapping[str, object],
    reports: Reports,
    seconds: float,
    values: Mapping[str, object],
    at: str,
) -> int:
    common = {
        "key": key.digest,
        "spec_id": key.spec_id,
        "task": canonical_json(dict(key.task)),
        "seed": str(key.seed),
        "budget": key.budget,
        "backend": key.backend,
        "version": key.version,
        "reports": canonical_json([list(report) for report in reports]),
        "seconds": seconds,
        "environment": _store_environment(connection, environment),
        "finished_at": at,
    }
    done = connection.execute(_ADD_EVALUATION, {**common, **values}).inserted_primary_key
    assert done is not None
    return int(done[0])


def _store_environment(connection: Connection, environment: Mapping[str, object]) -> str:
    document = dict(environment)
    fingerprint = digest(document, 16)
    if find_environment(connection, fingerprint) is None:
        connection.execute(environments.insert().values(fingerprint=fingerprint, document=canonical_json(document)))
    return fingerprint


def _check(connection: Connection, run: Run, key: EvaluationKey | None = None) -> None:
    if key is not None and run.spec_id != key.spec_id:
        raise ValueError(f"run and evaluation are of different specs: {run.spec_id}, {key.spec_id}")
    if not has_entry(connection, run.study_id, run.phase, run.spec_id):
        raise ValueError(f"spec {run.spec_id} has no entry in phase {run.phase} of study {run.study_id}")
    if connection.execute(_RUN, vars(run)).first() is not None:
        raise AlreadyCounted(f"seed {run.seed_index} of spec {run.spec_id} is counted in phase {run.phase} already")


def _count(connection: Connection, run: Run, trial: TrialEnd | None, at: str, **outcome: object) -> None:
    connection.execute(_ADD_RUN, {**vars(run), **outcome})
    if trial is not None:
        finish_trial(connection, at, run.study_id, trial)


def _same(table: Table, run: Run) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in vars(run).items()]
