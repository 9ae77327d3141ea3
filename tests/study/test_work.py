"""Real training in the process of an evaluation."""

from __future__ import annotations

import dataclasses
import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import archsearch
from archsearch.backends.native.compiler import compiler
from archsearch.backends.native.kernels import shared_library
from archsearch.errors import MachineFault, Refused
from archsearch.schema.canonical import plain
from archsearch.schema.score import Score
from archsearch.space import load_cell
from archsearch.study.executors import EvaluationFailed, Failed, Finished, Job, Reported
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.work import TRAINING, evaluate, version
from tests.backends.native.together import fresh_kernels
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


def test_the_shared_kernel_that_finds_no_room_is_lost_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("in the way")
    job = dataclasses.replace(training_job(), backends=("native",))
    with fresh_kernels(), pytest.raises(EvaluationFailed, match="Not a directory") as error:
        evaluate(job, lambda check, value: None)
    assert error.value.kind == "lost"


@pytest.mark.parametrize(
    ("refusal", "kind"), [(Refused("no compiler"), "refused"), (MachineFault("no room on the disk"), "lost")]
)
def test_what_a_backend_refuses_is_final_and_what_the_machine_lacks_is_not(
    refusal: Refused, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archsearch import training

    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(training, "evaluate", refuse)
    with pytest.raises(EvaluationFailed, match=str(refusal)) as error:
        evaluate(training_job(), lambda check, value: None)
    assert error.value.kind == kind


@pytest.mark.parametrize("backends", [("native",), ("native", "reference")])
def test_a_broken_compiler_loses_the_evaluation_whatever_the_next_backend_is(
    backends: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CC", "/bin/false")
    compiler.cache_clear()
    with fresh_kernels(), pytest.raises(EvaluationFailed, match="'/bin/false' failed: exit status 1") as error:
        evaluate(dataclasses.replace(training_job(), backends=backends), lambda check, value: None)
    compiler.cache_clear()
    assert error.value.kind == "lost"


def test_a_kernel_that_finds_no_room_is_lost_and_not_the_candidates_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel that all cells share is there already; the candidate's own is not."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    native = dataclasses.replace(training_job(), backends=("native",))
    with fresh_kernels():
        shared_library("float", None)

        def full(*_arguments: object, **_options: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
        with pytest.raises(EvaluationFailed, match="No space left on device") as error:
            evaluate(native, lambda check, value: None)
    assert error.value.kind == "lost"


def test_an_unsound_spec_is_an_exception(executor: LocalExecutor) -> None:
    broken = dataclasses.replace(training_job(3), spec={"cell": {}})
    event = run(executor, broken)
    assert isinstance(event, Failed)
    assert event.failure.kind == "exception"
    assert "ValidationError" in event.failure.reason


def test_what_evaluations_need_is_prepared_once_and_without_threads() -> None:
    """Torch loads its compiler at the first optimizer, which is slow; and no thread survives a fork."""
    code = (
        "import os, sys\nfrom archsearch.study.work import evaluate, prepare_torch\nprepare_torch()\n"
        "print(len(os.listdir('/proc/self/task')), end=' ')\n"
        "from tests.study.test_work import training_job\nbefore = set(sys.modules)\n"
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
