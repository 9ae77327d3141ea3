"""Stand-ins for training whose weights are checked in the report phase; each start is written to the log."""

from __future__ import annotations

from archsearch.schema.score import Score
from archsearch.study.executors import EvaluationFailed, Job, Report, Work
from tests.study.fake_work import be_killed, mark_of, note_start, only_kind, prepare_nothing, score, version_one

MODULE_TEST = 0.375
"""The test score that the module gives."""


def train(job: Job, report: Report) -> tuple[Score, bytes | None]:
    note_start(f"train {mark_of(job.spec)} {job.seed}")
    report(1, 0.5)
    trained = score().model_copy(update={"test": 0.25 if job.read_test else None})
    return trained, f"{mark_of(job.spec)} {job.seed}".encode() if job.keep_weights else None


def check(job: Job) -> tuple[Score, bytes | None]:
    assert job.trained is not None
    note_start(f"check {job.trained.weights.decode()}")
    assert job.trained.weights == f"{mark_of(job.spec)} {job.seed}".encode()
    return Score.model_validate_json(job.trained.score).model_copy(update={"test": MODULE_TEST}), None


def pass_all(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return train(job, report) if job.trained is None else check(job)


def find_mismatches(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Of the cell `gru`."""
    if job.trained is not None and job.spec["cell"]["cell"] == "gru":
        raise EvaluationFailed("mismatch", "the module gives other outputs")
    return pass_all(job, report)


def lose_each_check_once(job: Job, report: Report) -> tuple[Score, bytes | None]:
    if job.trained is not None and note_start(f"check {job.trained.weights.decode()}") == 1:
        return be_killed(job, report)
    return pass_all(job, report)


PASSING, FINDING, LOSING = (
    Work(evaluate, {"fake": prepare_nothing}, only_kind, version_one)
    for evaluate in (pass_all, find_mismatches, lose_each_check_once)
)
