"""An evaluation as studies run it, which also writes down what its time went into; runs in the evaluation's process."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

from archsearch.backends.native import compiler
from archsearch.schema.score import Score
from archsearch.study.executors import Job, Report
from archsearch.study.work import TRAINING
from archsearch.tasks import Task

_Arguments, _Result = ParamSpec("_Arguments"), TypeVar("_Result")

FOLDER = "ARCHSEARCH_BENCHMARK_TIMES"
"""The environment variable that names the folder for the notes, one file per job."""


@dataclasses.dataclass
class Parts:
    """Seconds that a job took in all, and its parts; the rest is training, or the check of a module."""

    began: float
    """When, by the clock that all processes of the machine share."""
    check: bool
    total: float = 0.0
    compiling: float = 0.0
    data: float = 0.0

    @property
    def rest(self) -> float:
        """What remains."""
        return self.total - self.compiling - self.data


def evaluate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """What studies do in this process, which ends with the job, by the clock."""
    parts = Parts(began=time.monotonic(), check=job.trained is not None)
    compiler._compile = _timed(compiler._compile, parts, "compiling")
    Task.batch = _timed(Task.batch, parts, "data")  # type: ignore[method-assign]
    answer = _timed(TRAINING.evaluate, parts, "total")(job, report)
    (Path(os.environ[FOLDER]) / f"{job.number}.json").write_text(json.dumps(dataclasses.asdict(parts)))
    return answer


def noted(folder: Path) -> Mapping[int, Parts]:
    """What all evaluations have written down, by the number of their job."""
    return {int(path.stem): Parts(**json.loads(path.read_text())) for path in folder.glob("*.json")}


TIMED = dataclasses.replace(TRAINING, evaluate=evaluate)
"""For an executor in place of its usual work."""


def _timed(function: Callable[_Arguments, _Result], parts: Parts, name: str) -> Callable[_Arguments, _Result]:
    """The function, whose seconds are added to a part."""

    @functools.wraps(function)
    def timed(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
        begun = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            setattr(parts, name, getattr(parts, name) + time.perf_counter() - begun)

    return timed
