"""The only training loop: one spec, one task, one seed, one budget, one score."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor, nn

from archsearch.backends import choose
from archsearch.errors import ArchsearchError
from archsearch.ir import lower
from archsearch.ir.cost import stages
from archsearch.models import size
from archsearch.models.recurrent import RecurrentModel
from archsearch.schema.score import Score
from archsearch.schema.study import Spec, Training
from archsearch.tasks import Batch, Task

EVALUATION_VERSION = 2
"""Part of an evaluation's key: raised whenever the same key would give another score."""

CHUNK = 256
"""Sequences per forward pass outside training: bounds memory, changes nothing else."""

_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": functools.partial(torch.optim.Adam, fused=True),
    "rmsprop": functools.partial(torch.optim.RMSprop, foreach=True),  # has no fused form
    "sgd": functools.partial(torch.optim.SGD, fused=True),
}

Purpose = Literal["initialisation", "training", "validation", "test"]
Report = Callable[[int, float], None]
Outputs = NDArray[np.float32]


class NotFinite(ArchsearchError):
    """Training left the finite numbers; `kind` is `nan` or `inf`."""

    def __init__(self, kind: Literal["nan", "inf"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


def evaluate(
    spec: Spec,
    task: Task,
    seed: int,
    backends: Sequence[str],
    report: Report,
    keep_weights: bool = False,
    read_test: bool = False,
) -> tuple[Score, bytes | None]:
    """Train `spec` on `task` and score it.

    `report(check, mean)` is called after every check with the objective so far (the mean over the checks made); it may
    raise to stop. Returns the score and, if asked for, the weights as safetensors. Raises `NotFinite` when a loss or an
    output is not finite. The same arguments give the same score and weights, bit by bit, on the same machine with one
    thread.
    """
    started = time.monotonic()
    ir = lower(spec.cell)
    backend, reason = choose(list(backends), ir, spec.training.device)
    generator = torch.Generator().manual_seed(derive(seed, "initialisation"))
    device = torch.device(spec.training.device)
    model = RecurrentModel(ir, spec.model, task.input_size, task.output_size, backend, generator, device=device)
    run = _Run(model, task, spec.training, device, seed)
    run.train(report)
    test = run.tested() if read_test else None
    score = Score(
        objective=run.objective,
        final=run.curve[-1][1],
        best=max(point[1] for point in run.curve),
        test=test,
        solved=run.solved_at is not None,
        sequences_to_solve=run.solved_at,
        curve=run.curve,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        operations=size.operations(ir, spec.model, task.input_size),
        stages=stages(ir),
        seconds=time.monotonic() - started,
        backend=backend,
        backend_reason=reason,
        weights_hash=weights_hash(model),
    )
    return score, save(dict(model.state_dict())) if keep_weights else None


@dataclasses.dataclass
class _Run:
    """One training in progress."""

    model: nn.Module
    task: Task
    training: Training
    device: torch.device
    seed: int
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
        optimizer = make_optimizer(self.model, self.training)
        batches = self.task.batches(stream(self.seed, "training"), self.training.batch_size)
        validation = self.task.draw(stream(self.seed, "validation"), self.training.validation, "validation")
        steps = step_count(self.training)
        due = check_steps(self.training)
        for step in range(1, steps + 1):
            self._step(optimizer, next(batches), step)
            if step in due:
                self._check(step * self.training.batch_size, validation)
                report(len(self.curve), self.objective)
                if self.solved_at is not None:
                    return

    def tested(self) -> float:
        """The score on fresh sequences of the test split."""
        batch = self.task.draw(stream(self.seed, "test"), self.training.test, "test")
        return self._score(self._outputs(batch), batch)

    def _step(self, optimizer: torch.optim.Optimizer, batch: Batch, step: int) -> None:
        x, mask, targets = (
            torch.from_numpy(array).to(self.device) for array in (batch.inputs, batch.mask, batch.targets[batch.mask])
        )
        loss = _loss(self.task, self.model(x, mask), targets)
        value = loss.item()
        if not np.isfinite(value):
            raise NotFinite("nan" if np.isnan(value) else "inf", f"the loss is {value} at training step {step}")
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        if self.training.clip is not None:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.training.clip)
        optimizer.step()

    def _check(self, sequences: int, batch: Batch) -> None:
        outputs = self._outputs(batch)
        self.curve.append((sequences, self._score(outputs, batch)))
        if self.task.solved(outputs, batch):
            self.solved_at = sequences

    def _score(self, outputs: Outputs, batch: Batch) -> float:
        return float(np.clip(self.task.score(outputs, batch), 0, 1))

    def _outputs(self, batch: Batch) -> Outputs:
        """Outputs [masked steps, output_size] without gradients, some sequences at a time."""
        full = np.zeros((*batch.mask.shape, self.task.output_size), dtype=np.float32)
        for first in range(0, batch.mask.shape[1], CHUNK):
            some = slice(first, first + CHUNK)
            x, mask = (torch.from_numpy(array[:, some]).to(self.device) for array in (batch.inputs, batch.mask))
            with torch.no_grad():
                full[:, some][batch.mask[:, some]] = self.model(x, mask).float().cpu().numpy()
        outputs: Outputs = full[batch.mask]
        if not np.isfinite(outputs).all():
            kind: Literal["nan", "inf"] = "nan" if np.isnan(outputs).any() else "inf"
            raise NotFinite(kind, f"an output is {kind} at check {len(self.curve) + 1}")
        return outputs


def derive(seed: int, purpose: Purpose) -> int:
    """A 63-bit seed for one purpose, so that no two uses of a seed share a stream of random numbers."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The generator of one purpose."""
    return np.random.default_rng(derive(seed, purpose))


def step_count(training: Training) -> int:
    """Training steps of the whole budget; a last incomplete batch is left out."""
    return max(1, training.sequences // training.batch_size)


def check_steps(training: Training) -> set[int]:
    """The steps after which the validation score is taken: evenly spread, the last one included."""
    steps = step_count(training)
    return {max(1, round(steps * check / training.checks)) for check in range(1, training.checks + 1)}


def make_optimizer(model: nn.Module, training: Training) -> torch.optim.Optimizer:
    """The optimizer that the training names, with torch's defaults otherwise, all parameters in one call."""
    return _OPTIMIZERS[training.optimizer](model.parameters(), lr=training.learning_rate)


def weights_hash(model: nn.Module) -> str:
    """First 16 hex digits of the SHA-256 over all parameters, by name, bit by bit."""
    digest = hashlib.sha256()
    for name, value in model.state_dict().items():
        digest.update(name.encode() + value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _loss(task: Task, outputs: Tensor, targets: Tensor) -> Tensor:
    if task.loss == "cross_entropy":
        return nn.functional.cross_entropy(outputs, targets)
    return nn.functional.mse_loss(outputs, targets)
