"""One training outside of any study: checked, estimated, and run in a process of its own."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.errors import InvalidInput, Refused
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.schema.canonical import plain
from archsearch.schema.score import Failure, Score
from archsearch.schema.study import Limits, Model, Spec, Study, Training
from archsearch.schema.validation import validate
from archsearch.space import load_cell
from archsearch.study.devices import device_problems
from archsearch.study.estimate import estimate, exceeded
from archsearch.study.executors import PACKAGE as EXECUTORS
from archsearch.study.executors import Executor, Failed, Finished, Job, Reported
from archsearch.study.feasibility import short_budget
from archsearch.study.task_choice import make_task, with_whole_splits
from archsearch.training import choose_step

if TYPE_CHECKING:
    from archsearch.training.profile import Profile

EXECUTOR = "local"
PATIENCE = 0.5
"""Seconds between two looks at a running training."""

Watch = Callable[[int, float], None]
"""Told the checks made and the mean objective so far; (0, 0) when the training starts."""


@dataclasses.dataclass(frozen=True)
class TrainingJob:
    """A checked training. `options` are all of the task's, defaults included."""

    spec: Spec
    arch_id: str
    task: str
    options: dict[str, Any]
    job: Job

    @property
    def seed(self) -> int:
        """What decides the initial weights and the data."""
        return self.job.seed


def prepare(
    reference: str,
    task: str,
    given: Mapping[str, Mapping[str, Any]],
    seed: int,
    backends: Sequence[str] | None,
    read_test: bool,
    tasks_from: Path | None,
) -> TrainingJob:
    """Check everything that can be wrong; `given` holds the settings of task, model, training and limits."""
    cell = load_cell(reference)
    checked_task = make_task(task, given["task"], tasks_from)
    model, training, limits = (
        validate(kind, dict(given[part]), prefix=(part,))
        for part, kind in (("model", Model), ("training", Training), ("limits", Limits))
    )
    assert isinstance(model, Model)
    assert isinstance(training, Training)
    assert isinstance(limits, Limits)
    if problems := list(short_budget(training)):
        raise InvalidInput(problems)
    training = with_whole_splits(training, checked_task)
    names = tuple(backends or Study.model_fields["backend"].get_default(call_default_factory=True))
    for name in names:
        registry.check_name(BACKENDS, name)
    problems = list(device_problems(("training", "device"), training.device, names))
    if problems:
        raise InvalidInput(problems)
    failure = exceeded(estimate(lower(cell), model, training, checked_task), limits)
    if failure is not None:
        raise Refused(f"{failure.reason}: raise it with --set limits.{_limit(failure)}=... or make the model smaller")
    spec = Spec(cell=cell, model=model, training=training)
    job = Job(
        number=0,
        spec=plain(spec),
        task=task,
        options=dict(given["task"]),
        tasks_from=str(tasks_from) if tasks_from else None,
        seed=seed,
        backends=names,
        keep_weights=False,
        read_test=read_test,
        seconds=limits.seconds,
        memory_mb=limits.memory_mb,
        compiled=choose_step(spec, names).compiled,
    )
    return TrainingJob(spec, arch_id(lower(cell)), task, checked_task.model_dump(mode="json"), job)


def run(training: TrainingJob, watching: contextlib.AbstractContextManager[Watch]) -> Score:
    """Train to the end; `Refused` with the reason when it fails."""
    with watching as watch, contextlib.ExitStack() as stack:
        executor: Executor = registry.load(EXECUTORS, EXECUTOR)(1)
        stack.callback(executor.close)
        executor.submit(training.job)
        watch(0, 0.0)
        while True:
            for event in executor.wait(PATIENCE):
                if isinstance(event, Reported):
                    watch(event.check, event.value)
                elif isinstance(event, Finished):
                    return event.score
                elif isinstance(event, Failed):
                    raise Refused(f"the training failed: {event.failure.kind}: {event.failure.reason}")


def measure(training: TrainingJob) -> Profile:
    """Where the time of a training step goes, measured in this process."""
    from archsearch.training.profile import profile

    job = training.job
    task = make_task(job.task, job.options, Path(job.tasks_from) if job.tasks_from else None)
    return profile(training.spec, task, job.seed, job.backends)


def _limit(failure: Failure) -> str:
    return "memory_mb" if failure.kind == "memory limit" else failure.kind.removesuffix(" limit")
