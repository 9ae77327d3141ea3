"""Real training in the process of an evaluation."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import archsearch
from archsearch.errors import Refused
from archsearch.schema.score import Score
from archsearch.space import load_cell
from archsearch.study.documents import plain
from archsearch.study.evaluation import TRAINING, evaluate, version
from archsearch.study.executors import EvaluationFailed, Failed, Finished, Job, Reported
from archsearch.study.executors.local import LocalExecutor
from tests.contract.test_executors import job, next_events

ROOT = Path(archsearch.__file__).parents[1]
TRAIN = {"learning_rate": 0.01, "sequences": 128, "checks": 2, "validation": 32, "test": 32}


def training_job(number: int = 0, options: dict[str, Any] | None = None, **training: Any) -> Job:
    spec = {"cell": plain(load_cell("gru")), "model": {"hidden_size": 4}, "training": {**TRAIN, **training}}
    found = job(number, spec=spec, task="temporal_order", options=options or {"length": 10}, memory_mb=500)
    return dataclasses.replace(found, keep_weights=True, read_test=True)


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    found = LocalExecutor(1)
    yield found
    found.close()


def run(executor: LocalExecutor, new: Job) -> Finished | Failed:
    executor.submit(new)
    while True:
        for event in next_events(executor):
            if not isinstance(event, Reported):
                return event


def test_a_child_trains_bit_by_bit_as_this_process_does(executor: LocalExecutor) -> None:
    reports: list[tuple[int, float]] = []
    score, weights = evaluate(training_job(), lambda check, value: reports.append((check, value)))
    event = run(executor, training_job())
    assert isinstance(event, Finished), event
    assert without_time(event.score) == without_time(score)
    assert event.weights == weights
    assert [check for check, _ in reports] == [1, 2]
    assert score.test is not None


def without_time(score: Score) -> Score:
    return score.model_copy(update={"seconds": 0.0})


def test_training_that_leaves_the_finite_numbers_says_which(executor: LocalExecutor) -> None:
    diverging = training_job(1, optimizer="sgd", learning_rate=100.0, clip=None, sequences=6400)
    steep = {**diverging.spec, "cell": {**diverging.spec["cell"], "equations": {"h": {"linear": ["x", "h_prev"]}}}}
    event = run(executor, dataclasses.replace(diverging, spec=steep))
    assert isinstance(event, Failed)
    assert event.failure.kind in {"nan", "inf"}
    assert "at training step" in event.failure.reason


def test_memory_that_torch_cannot_get_is_the_memory_limit(executor: LocalExecutor) -> None:
    wide = training_job(2, options={"length": 1000}, batch_size=4096, sequences=8192)
    event = run(executor, wide)
    assert isinstance(event, Failed)
    assert event.failure.kind == "memory limit", event


def test_a_backend_that_refuses_is_a_failure_of_that_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    from archsearch import training

    def refuse(*_: object) -> None:
        raise Refused("no backend runs this cell: native: no compiler")

    monkeypatch.setattr(training, "evaluate", refuse)
    with pytest.raises(EvaluationFailed, match="no compiler") as error:
        evaluate(training_job(), lambda check, value: None)
    assert error.value.kind == "refused"


def test_an_unsound_spec_is_an_exception(executor: LocalExecutor) -> None:
    broken = dataclasses.replace(training_job(3), spec={"cell": {}})
    event = run(executor, broken)
    assert isinstance(event, Failed)
    assert event.failure.kind == "exception"
    assert "ValidationError" in event.failure.reason


def test_what_evaluations_need_is_prepared_once_and_without_threads() -> None:
    """Torch loads its compiler at the first optimizer, which is slow; and no thread survives a fork."""
    code = (
        "import os, sys\nfrom archsearch.study.evaluation import evaluate, prepare\nprepare()\n"
        "print(len(os.listdir('/proc/self/task')), end=' ')\n"
        "from tests.study.test_evaluation import training_job\nbefore = set(sys.modules)\n"
        "evaluate(training_job(), lambda check, value: None)\n"
        "slow = ('torch._dynamo', 'torch._inductor', 'torch.distributed', 'sympy')\n"
        "print([name for name in set(sys.modules) - before if name.startswith(slow)])"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "1 []\n"


def test_the_version_is_that_of_the_training_code() -> None:
    from archsearch.training import EVALUATION_VERSION

    assert TRAINING.version() == version() == EVALUATION_VERSION
