"""What an evaluation will take, in closed form, before anything is built."""

from __future__ import annotations

import dataclasses

from archsearch.ir import CellIR
from archsearch.models.size import activation_bytes, operations, parameters
from archsearch.schema.score import Failure, FailureKind
from archsearch.schema.study import Limits, Model, Training
from archsearch.tasks import SPLITS, Task

_FLOAT = 4  # bytes
_COPIES = 4  # of every parameter: itself, its gradient and two moments of the optimizer


_READ = 3  # times that a row of a finite split is held: in 64 bits, as its file has it, and in 32


@dataclasses.dataclass(frozen=True)
class Estimate:
    """Trainable numbers of the whole model, its operations per step and sequence, and an upper bound of the memory of
    its training in 10^6 bytes."""

    parameters: int
    operations: int
    memory_mb: int


def estimate(ir: CellIR, model: Model, training: Training, task: Task) -> Estimate:
    """The size of one training: parameters, what is kept for the backward pass, the data of one split, and
    what the task holds of a file."""
    count = parameters(ir, model, task.input_size, task.output_size)
    kept = activation_bytes(ir, model, task.longest, training.batch_size)
    sequences = max(training.batch_size, training.validation, training.test)
    data = _FLOAT * task.longest * sequences * (2 * task.input_size + task.output_size)
    rows = sum(task.rows(split) or 0 for split in SPLITS)
    held = _FLOAT * _READ * task.longest * rows * (task.input_size + task.output_size)
    total = kept + _FLOAT * _COPIES * count + data + held
    return Estimate(count, operations(ir, model, task.input_size), -(-total // 10**6))


def exceeded(size: Estimate, limits: Limits) -> Failure | None:
    """The failure that an evaluation of this size would be, if it were begun; None when it fits."""
    counts: tuple[tuple[FailureKind, str, int, int], ...] = (
        ("parameters limit", "parameters", size.parameters, limits.parameters),
        ("operations limit", "operations per step", size.operations, limits.operations),
    )
    for kind, what, number, limit in counts:
        if number > limit:
            return Failure(kind=kind, reason=f"{number:,} {what}, the limit is {limit:,}")
    if size.memory_mb > limits.memory_mb:
        return Failure(kind="memory limit", reason=f"up to {size.memory_mb:,} MB, the limit is {limits.memory_mb:,} MB")
    return None
