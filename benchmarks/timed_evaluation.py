"""An evaluation as studies run it, which also writes down what its time went into; runs in the evaluation's process."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from archsearch.schema.score import Score
from archsearch.schema.study import Spec
from archsearch.study.executors import Job, Report
from archsearch.study.task_choice import make_task
from archsearch.study.work import TRAINING
from archsearch.tasks import Batch, Task

FOLDER = "ARCHSEARCH_BENCHMARK_TIMES"
"""The environment variable that names the folder for the notes, one file per job."""


@dataclasses.dataclass
class Parts:
    """Seconds that an evaluation took in all, and its parts; the rest is training and checking."""

    began: float
    """When, by the clock that all processes of the machine share."""
    total: float = 0.0
    compiling: float = 0.0
    data: float = 0.0

    @property
    def training(self) -> float:
        """What remains."""
        return self.total - self.compiling - self.data


def evaluate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """What `archsearch.study.work.evaluate` does, by the clock."""
    import torch

    from archsearch import training

    parts = Parts(began=time.monotonic())
    with _clock(parts, "total"):
        torch.set_num_threads(1)
        spec = Spec.model_validate(job.spec)
        with _clock(parts, "compiling"):
            _compile(spec, job.backends)
        task = cast(Task, _TimedTask(make_task(job.task, job.options), parts))
        answer = training.evaluate(spec, task, job.seed, job.backends, report, job.keep_weights, job.read_test)
    (Path(os.environ[FOLDER]) / f"{job.number}.json").write_text(json.dumps(dataclasses.asdict(parts)))
    return answer


def noted(folder: Path) -> Mapping[int, Parts]:
    """What all evaluations have written down, by the number of their job."""
    return {int(path.stem): Parts(**json.loads(path.read_text())) for path in folder.glob("*.json")}


TIMED = dataclasses.replace(TRAINING, evaluate=evaluate)
"""For an executor in place of its usual work."""


def _compile(spec: Spec, backends: tuple[str, ...]) -> None:
    """Have the kernels made before training asks for them."""
    if backends[0] == "native":
        from archsearch.backends.native.kernels import kernels
        from archsearch.ir import lower

        kernels(str(lower(spec.cell)), "float")


class _TimedTask:
    """A task whose draws are timed."""

    def __init__(self, task: Task, parts: Parts) -> None:
        self._task = task
        self._parts = parts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)

    def batch(self, *arguments: Any, **named: Any) -> Batch:
        """The task's."""
        with _clock(self._parts, "data"):
            return self._task.batch(*arguments, **named)


@contextmanager
def _clock(parts: Parts, name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    setattr(parts, name, getattr(parts, name) + time.perf_counter() - begun)
