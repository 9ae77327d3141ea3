"""Compiled training steps beside PyTorch's: the same weights and batches through both, in float64."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from archsearch.backends._steps import Stack
from archsearch.backends.native.step import CompiledSteps
from archsearch.ir import CellIR
from archsearch.models.initial import initial_model
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from archsearch.tasks import Batch, Loss, Readout
from archsearch.training.batches import Pool
from archsearch.training.module import ModuleTrainer

STEPS = 200
TOLERANCE = 1e-10

INPUT, HIDDEN, OUTPUT, BATCH, LONGEST = 3, 4, 3, 3, 4
POOL = 8
"""Batches of one call."""
LARGEST_NORM = 0.3
"""Below that of most gradients here."""


@dataclasses.dataclass(frozen=True)
class Case:
    """What is trained, and how."""

    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    clip: float | None = None
    loss: Loss = "cross_entropy"
    readout: Readout = "last"
    connection: Literal["plain", "residual"] = "plain"
    layers: int = 2
    hidden_size: int = HIDDEN

    def __str__(self) -> str:
        parts = (self.optimizer, self.clip and "clipped", self.loss, self.readout, self.connection)
        return "-".join(part for part in parts if part)


def assert_trains_as_torch(ir: CellIR, case: Case, seed: int = 1, rate: float = 0.01) -> None:
    """Raise AssertionError unless losses, outputs and all parameters are those of PyTorch after `STEPS` steps."""
    training = Training(optimizer=case.optimizer, learning_rate=rate, clip=case.clip, batch_size=BATCH, sequences=1)
    model = Model(hidden_size=case.hidden_size, layers=case.layers, connection=case.connection)
    spec = Spec(cell=load_cell("rnn"), model=model, training=training)
    task: Any = SimpleNamespace(input_size=INPUT, output_size=OUTPUT, loss=case.loss)
    values = initial_model(ir, model, INPUT, OUTPUT, seed)
    torch_trainer = ModuleTrainer(ir, spec, task, "reference", values, torch.float64)
    steps = compiled(ir, case, values, rate)
    generator = np.random.default_rng(seed)
    for _ in range(STEPS // POOL):
        pool = pool_of([batch(case, generator) for _ in range(POOL)])
        assert_close(trained(steps, pool), torch_trainer.train(pool), "a loss")
    some = batch(case, generator, 5 * BATCH)
    outputs = steps.infer(some.inputs, some.mask)[some.mask]
    np.testing.assert_allclose(outputs, torch_trainer.outputs(some), rtol=0, atol=1e-6, err_msg="outputs")
    for name, value in torch_trainer.weights().items():
        assert_close(steps.parameters[name], value, name)


def compiled(ir: CellIR, case: Case, weights: Any, rate: float = 0.01) -> CompiledSteps:
    """The case as compiled steps from the given weights."""
    connection: Literal["output", "sum"] = "sum" if case.connection == "residual" else "output"
    sizes = INPUT, case.hidden_size, case.layers, connection, OUTPUT
    stack = Stack(ir, *sizes, case.loss, case.optimizer, rate, case.clip)
    return CompiledSteps(stack, weights, LONGEST, BATCH, 2 * BATCH, "float64")


def trained(steps: CompiledSteps, pool: Pool) -> list[float]:
    """The losses of a step with each batch of a pool."""
    return steps.train(pool.batch.inputs, pool.batch.targets, pool.batch.mask, pool.lengths)


def batch(case: Case, generator: np.random.Generator, count: int = BATCH) -> Batch:
    """Normal numbers over a drawn number of steps."""
    time = int(generator.integers(2, LONGEST, endpoint=True))
    mask = generator.random((time, count)) < (0.4 if case.readout == "every" else 0)
    mask[-1] = True
    inputs = generator.normal(size=(time, count, INPUT)).astype(np.float32)
    if case.loss == "cross_entropy":
        return Batch(inputs, np.where(mask, generator.integers(OUTPUT, size=mask.shape), 0), mask)
    targets = generator.normal(size=(time, count, OUTPUT)).astype(np.float32)
    return Batch(inputs, np.where(mask[..., np.newaxis], targets, np.float32(0)), mask)


def assert_close(value: Any, expected: Any, what: str) -> None:
    """Within the tolerance, relative above 1."""
    np.testing.assert_allclose(value, expected, rtol=TOLERANCE, atol=TOLERANCE, err_msg=what)


def pool_of(batches: Sequence[Batch]) -> Pool:
    """Batches beside each other, padded to the longest."""
    lengths = [len(batch.mask) for batch in batches]

    def together(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        padding = [(0, 0)] * (arrays[0].ndim - 1)
        padded = [np.pad(array, [(0, max(lengths) - len(array)), *padding]) for array in arrays]
        return np.concatenate(padded, axis=1)

    inputs, targets, mask = (
        together([getattr(batch, name) for batch in batches]) for name in ("inputs", "targets", "mask")
    )
    return Pool(Batch(inputs, targets, mask), batches[0].mask.shape[1], lengths)
