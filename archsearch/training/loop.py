"""The only training loop: one spec, one task, one seed, one budget, one score."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.backends import Backend
from archsearch.draws import Words
from archsearch.ir import canonical, lower
from archsearch.ir.cost import stages
from archsearch.models import size
from archsearch.models.initial import initial_model
from archsearch.schema.score import Score
from archsearch.schema.study import Spec, Training
from archsearch.tasks import Batch, Task
from archsearch.training.batches import Supply
from archsearch.training.trainer import NotFinite, Outputs, Trainer, choose_step, make_trainer

EVALUATION_VERSION = 3
"""Part of an evaluation's key: raised whenever the same key would give another score."""

Report = Callable[[int, float], None]


def evaluate(
    spec: Spec,
    task: Task,
    seed: int,
    backends: Sequence[str],
    report: Report,
    keep_weights: bool = False,
    read_test: bool = False,
) -> tuple[Score, bytes | None]:
    """Train the canonical cell of `spec` on `task` and score it.

    `report(check, mean)` is called after every check with the objective so far (the mean over the checks made); it may
    raise to stop. Returns the score and, if asked for, the weights as safetensors under the canonical cell's names.
    Raises `NotFinite` when a loss or an output is not finite. The same arguments give the same score and weights, bit
    by bit, on the same machine with one thread; so do other spellings of the cell.
    """
    started = time.monotonic()
    ir = canonical(lower(spec.cell)).ir
    chosen = choose_step(spec, backends)
    values = initial_model(ir, spec.model, task.input_size, task.output_size, seed)
    trainer = make_trainer(chosen, ir, spec, task, values)
    backend: Backend = registry.load(BACKENDS, chosen.backend)
    run = _Run(trainer, task, spec.training, seed, backend.words)
    run.train(report)
    test = run.tested() if read_test else None
    weights = trainer.weights()
    score = Score(
        objective=run.objective,
        final=run.curve[-1][1],
        best=max(point[1] for point in run.curve),
        test=test,
        solved=run.solved_at is not None,
        sequences_to_solve=run.solved_at,
        curve=run.curve,
        parameters=sum(value.size for value in weights.values()),
        operations=size.operations(ir, spec.model, task.input_size),
        stages=stages(ir),
        seconds=time.monotonic() - started,
        backend=chosen.backend,
        backend_reason=chosen.reason,
        compiled=chosen.compiled,
        weights_hash=weights_hash(weights),
    )
    return score, save(dict(weights)) if keep_weights else None


@dataclasses.dataclass
class _Run:
    """One training in progress."""

    trainer: Trainer
    task: Task
    training: Training
    seed: int
    words: Words
    curve: list[tuple[int, float]] = dataclasses.field(default_factory=list)
    solved_at: int | None = None

    @property
    def objective(self) -> float:
        """Mean score over the budget's checks, counting 1 from the check at which the task is solved."""
        scores = [score for _, score in self.curve]
        if self.solved_at is not None:
            left = len(check_steps(self.training)) - len(scores)
            scores[-1:] = [1.0] * (1 + left)
        return sum(scores) / len(scores)

    def train(self, report: Report) -> None:
        size = self.training.batch_size
        validation = self.task.batch(self.seed, "validation", self.training.validation, words=self.words)
        supply = Supply(self.task, self.seed, size, step_count(self.training), self.words)
        made = 0
        for due in sorted(check_steps(self.training)):
            while made < due:
                pool = supply.take(made, due)
                _check_losses(self.trainer.train(pool), made)
                made += len(pool.lengths)
            self._check(due * size, validation)
            report(len(self.curve), self.objective)
            if self.solved_at is not None:
                return

    def tested(self) -> float:
        """The score on fresh sequences of the test split."""
        batch = self.task.batch(self.seed, "test", self.training.test, words=self.words)
        return score_outputs(self.task, self._outputs(batch), batch)

    def _check(self, sequences: int, batch: Batch) -> None:
        outputs = self._outputs(batch)
        self.curve.append((sequences, score_outputs(self.task, outputs, batch)))
        if self.task.solved(outputs, batch):
            self.solved_at = sequences

    def _outputs(self, batch: Batch) -> Outputs:
        outputs = self.trainer.outputs(batch)
        if not np.isfinite(outputs).all():
            kind: Literal["nan", "inf"] = "nan" if np.isnan(outputs).any() else "inf"
            raise NotFinite(kind, f"an output is {kind} at check {len(self.curve) + 1}")
        return outputs


def score_outputs(task: Task, outputs: Outputs, batch: Batch) -> float:
    """The task's score of these outputs, within its bounds."""
    return float(np.clip(task.score(outputs, batch), 0, 1))


def _check_losses(losses: Sequence[float], made: int) -> None:
    """Raise `NotFinite` where the last of the losses is not finite; `made` steps were made before."""
    if not math.isfinite(losses[-1]):
        kind: Literal["nan", "inf"] = "nan" if math.isnan(losses[-1]) else "inf"
        raise NotFinite(kind, f"the loss is {losses[-1]} at training step {made + len(losses)}")


def step_count(training: Training) -> int:
    """Training steps of the whole budget; a last incomplete batch is left out."""
    return max(1, training.sequences // training.batch_size)


def check_steps(training: Training) -> set[int]:
    """The steps after which the validation score is taken: evenly spread, the last one included."""
    steps = step_count(training)
    return {max(1, round(steps * check / training.checks)) for check in range(1, training.checks + 1)}


def weights_hash(weights: Mapping[str, NDArray[Any]]) -> str:
    """First 16 hex digits of the SHA-256 over all parameters, in the order of their names, bit by bit."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].tobytes())
    return digest.hexdigest()[:16]
