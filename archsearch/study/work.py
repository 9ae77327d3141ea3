"""How a job is evaluated, in the process that is made for it. Only what runs there imports torch."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path

from archsearch import backends, registry
from archsearch.errors import MachineFault, Refused
from archsearch.models import connections
from archsearch.schema.score import Score
from archsearch.schema.study import Spec
from archsearch.study.executors import EvaluationFailed, Job, Report, Work
from archsearch.study.task_choice import PACKAGE as TASKS
from archsearch.study.task_choice import make_task

COMPILED, TORCH, MODULE_CHECK = "compiled", "torch", "module-check"


def evaluate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Train and score a job's spec with one thread, or check what it was trained to.

    Raises `EvaluationFailed` where the kind of failure is known.
    """
    from archsearch import training

    if kind(job) != COMPILED:
        import torch

        torch.set_num_threads(1)
    task = make_task(job.task, job.options, Path(job.tasks_from) if job.tasks_from else None)
    spec = Spec.model_validate(job.spec)
    try:
        if job.trained is not None:
            score = Score.model_validate_json(job.trained.score)
            return training.check_module(spec, task, job.seed, score, job.trained.weights), None
        return training.evaluate(spec, task, job.seed, job.backends, report, job.keep_weights, job.read_test)
    except (training.NotFinite, training.Mismatch) as error:
        raise EvaluationFailed(error.kind, str(error)) from error
    except MachineFault as error:
        raise EvaluationFailed("lost", str(error)) from error
    except Refused as error:
        raise EvaluationFailed("refused", str(error)) from error


def kind(job: Job) -> str:
    """Which libraries a job needs: those of compiled steps, torch, or both."""
    if job.trained is not None:
        return MODULE_CHECK
    return COMPILED if job.compiled else TORCH


def prepare_compiled() -> None:
    """Import what compiled steps need, and no torch."""
    importlib.import_module("archsearch.training.compiled")
    for package in (backends.PACKAGE, connections.PACKAGE, TASKS):
        for name in registry.names(package):
            registry.load(package, name)


def prepare_torch() -> None:
    """Import what every evaluation needs, and start no threads, since none survives a fork."""
    import torch

    importlib.import_module("archsearch.training")
    # The first optimizer of a process imports torch's compiler, which takes longer than torch itself.
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(()))])
    for name in registry.names(backends.PACKAGE):
        with contextlib.suppress(ImportError):  # one that cannot be had here says so where it is chosen
            registry.load(backends.PACKAGE, name)


PREPARE = {COMPILED: prepare_compiled, TORCH: prepare_torch, MODULE_CHECK: prepare_torch}


def version() -> int:
    """The version of the training code, a part of every evaluation's key."""
    from archsearch.training import EVALUATION_VERSION

    return EVALUATION_VERSION


TRAINING = Work(evaluate, PREPARE, kind, version, COMPILED)
"""What executors run unless a test gives them something else."""
