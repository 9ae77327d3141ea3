"""Whether the PyTorch module that trained weights are loaded into does what was scored.

The board ranks modules: where compiled steps have trained the weights, the module's outputs on the test sequences must
be theirs. Its own test score is the one that is kept, since two outputs that are nearly equal may come to stand in the
other order. What is trained is the canonical cell; that its entry's own spelling, under its own names, computes the
same is looked at in float64, where cells that amplify a rounding do not drown it.
"""

from __future__ import annotations

import numpy as np
from safetensors.numpy import load

from archsearch.errors import ArchsearchError
from archsearch.ir import canonical, lower
from archsearch.models.weights import spelled_weights
from archsearch.schema.score import FailureKind, Score
from archsearch.schema.study import Spec
from archsearch.tasks import Batch, Task
from archsearch.training.loop import score_outputs
from archsearch.training.trainer import Outputs, choose_step, make_trainer

TOLERANCE = 1e-5
"""Of outputs: absolute below 1, relative above, which leaves room for the rounding of float32 alone. Of the test score
where the same outputs are scored again."""

FEW = 16
"""Test sequences on which the entry's own spelling runs: it is the same for all, and slow."""


class Mismatch(ArchsearchError):
    """The module does not do what was scored."""

    kind: FailureKind = "mismatch"


def check_module(spec: Spec, task: Task, seed: int, score: Score, weights: bytes) -> Score:
    """Load `weights` (safetensors) into the module of `spec`, and run it on the test sequences of `seed`.

    Returns `score` with the test score of the module. Raises `Mismatch` where the weights do not give the test score,
    or give other outputs in the module than in the steps that have trained them, or in the cell as it is spelled.
    """
    from archsearch.training.module import ModuleTrainer

    ir, values = canonical(lower(spec.cell)).ir, load(weights)
    chosen = choose_step(spec, [score.backend])
    batch = task.batch(seed, "test", spec.training.test)
    outputs = ModuleTrainer(ir, spec, task, chosen.backend, values).outputs(batch)
    scored = make_trainer(chosen, ir, spec, task, values).outputs(batch) if chosen.compiled else outputs
    test = score_outputs(task, scored, batch)
    if score.test is None or not abs(test - score.test) <= TOLERANCE:
        raise Mismatch(f"the weights score {test:.6g} on the test sequences, and {score.test} after the training")
    check_outputs(outputs, scored, "compiled steps")
    check_spelling(spec, task, batch, weights)
    return score.model_copy(update={"test": score_outputs(task, outputs, batch)})


def check_spelling(spec: Spec, task: Task, batch: Batch, weights: bytes) -> None:
    """Raise `Mismatch` unless the entry's own spelling of the cell has the canonical cell's outputs for the weights."""
    import torch

    from archsearch.training.module import ModuleTrainer

    spelled = lower(spec.cell)
    some = Batch(batch.inputs[:, :FEW], batch.targets[:, :FEW], batch.mask[:, :FEW])
    models = ((spelled, spelled_weights(weights, spelled)), (canonical(spelled).ir, load(weights)))
    outputs, expected = (
        ModuleTrainer(ir, spec, task, "reference", values, torch.float64).outputs(some) for ir, values in models
    )
    check_outputs(outputs, expected, "canonical cell")


def check_outputs(outputs: Outputs, scored: Outputs, other: str) -> None:
    """Raise `Mismatch` unless the outputs of the module are those of the `other`."""
    with np.errstate(invalid="ignore"):
        difference = np.abs(outputs - scored) / np.maximum(1, np.abs(scored))
    largest = float(difference.max(initial=0.0))  # nan where anything is
    if not largest <= TOLERANCE:
        raise Mismatch(
            f"the PyTorch module gives other outputs on the test sequences than the {other}: by up to"
            f" {largest:.2g}, allowed: {TOLERANCE:g}"
        )
