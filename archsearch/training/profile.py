"""Where the time of a training step goes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.backends import Backend
from archsearch.ir import lower
from archsearch.ir.canonical import canonical
from archsearch.models.initial import initial_model
from archsearch.schema.study import Spec
from archsearch.tasks import Task
from archsearch.training.batches import draw_pool, pool_count
from archsearch.training.trainer import Chosen, choose_step, make_trainer

LEAST = 1.0
"""Seconds for which steps are made."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """How a spec is trained, the number of steps that were made, and the milliseconds of one of them by part."""

    chosen: Chosen
    steps: int
    milliseconds: dict[str, float]


def profile(spec: Spec, task: Task, seed: int, backends: Sequence[str]) -> Profile:
    """Train the canonical cell of `spec` for `LEAST` seconds; raises as `evaluate`, but for a loss that is not finite.

    One thread; the first steps, which may compile the cell, are not counted.
    """
    ir = canonical(lower(spec.cell)).ir
    chosen = choose_step(spec, backends)
    if not chosen.compiled:
        import torch

        torch.set_num_threads(1)
    values = initial_model(ir, spec.model, task.input_size, task.output_size, seed)
    trainer = make_trainer(chosen, ir, spec, task, values)
    backend: Backend = registry.load(BACKENDS, chosen.backend)
    size, drawing, made = spec.training.batch_size, 0.0, 0
    count = pool_count(task, size)
    trainer.train(draw_pool(task, seed, size, range(count), backend.words))
    before, begun = dict(trainer.seconds), time.perf_counter()
    while time.perf_counter() - begun < LEAST:
        started = time.perf_counter()
        pool = draw_pool(task, seed, size, range(made + count, made + 2 * count), backend.words)
        drawing += time.perf_counter() - started
        trainer.train(pool)
        made += count
    total = time.perf_counter() - begun
    parts = {"drawing": drawing} | {part: seconds - before[part] for part, seconds in trainer.seconds.items()}
    parts["between steps"] = total - sum(parts.values())
    return Profile(chosen, made, {part: 1000 * seconds / made for part, seconds in parts.items()})
