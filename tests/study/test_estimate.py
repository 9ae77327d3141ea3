"""What an evaluation takes, against what it is found to take."""

from __future__ import annotations

import random
from typing import get_args

import pytest
import torch

from archsearch.schema.study import Limits, Training
from archsearch.space import RandomChooser, load_cell
from archsearch.study.estimate import Estimate, estimate, exceeded
from archsearch.training.module import make_optimizer
from tests.study.samples import small

PLENTY = {"memory_mb": 1_000_000, "parameters": 10**10}


def of(cell: str, **changes: object) -> Estimate:
    definition = small(**changes)
    candidate = definition.candidates.of_cell(load_cell(cell), RandomChooser(random.Random(0)))
    return estimate(candidate.ir, candidate.spec.model, candidate.spec.training, definition.task)


def test_parameters_are_those_of_the_textbook() -> None:
    """LSTM: 4 gates of h * (h + x) weights and h biases; the head: h * classes and as many biases."""
    hidden, features, classes = 4, 8, 4
    assert of("lstm").parameters == 4 * (hidden * (hidden + features) + hidden) + (hidden + 1) * classes


def test_memory_grows_with_what_it_is_made_of() -> None:
    limits = {"memory_mb": 1_000_000}
    base = of("lstm", model={"hidden_size": 512}, task={"length": 200}, limits=limits)
    for changes in (
        {"model": {"hidden_size": 1024}, "task": {"length": 200}},
        {"model": {"hidden_size": 512, "layers": 2}, "task": {"length": 200}},
        {"model": {"hidden_size": 512}, "task": {"length": 400}},
        {"model": {"hidden_size": 512}, "task": {"length": 200}, "training": {"batch_size": 64}},
    ):
        assert of("lstm", **changes, limits=limits).memory_mb > 1.5 * base.memory_mb


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (Estimate(100, 300, 200), None),
        (Estimate(101, 300, 200), "parameters limit"),
        (Estimate(100, 301, 200), "operations limit"),
        (Estimate(100, 300, 201), "memory limit"),
        (Estimate(101, 301, 201), "parameters limit"),
    ],
)
def test_what_is_beyond_a_limit_is_a_failure_of_its_kind(found: Estimate, kind: str | None) -> None:
    failure = exceeded(found, Limits(parameters=100, operations=300, memory_mb=200))
    assert (failure and failure.kind) == kind


def held_for_a_parameter(optimizer: str) -> int:
    """What torch holds for one parameter after a step: itself, its gradient, and what the optimizer keeps."""
    model = torch.nn.Linear(100, 100, bias=False)
    plan = Training.model_validate({"optimizer": optimizer, "learning_rate": 0.1, "sequences": 1})
    made = make_optimizer(model, plan)
    model.weight.grad = torch.zeros_like(model.weight)
    made.step()
    (kept,) = made.state.values() or ({},)
    tensors: list[torch.Tensor] = [model.weight, model.weight.grad, *kept.values()]
    return sum(tensor.nbytes for tensor in tensors if tensor.numel() > 1) // model.weight.numel()


def test_a_parameter_takes_what_torch_holds_for_it() -> None:
    """A wide model, one short sequence: next to its parameters all else is small."""
    needed = max(
        held_for_a_parameter(optimizer) for optimizer in get_args(Training.model_fields["optimizer"].annotation)
    )
    training = {"batch_size": 1, "validation": 1, "test": 1}
    found = of("lstm", model={"hidden_size": 2048}, training=training, limits=PLENTY)
    assert found.memory_mb == pytest.approx(needed * found.parameters / 10**6, rel=0.01)


def test_the_largest_of_the_batches_counts() -> None:
    """Of temporal order: 11 steps of 8 features as floats, twice, and of 4 outputs."""
    sequence = 4 * 11 * (2 * 8 + 4) / 10**6
    small_split = of("rnn", training={"batch_size": 1, "validation": 1, "test": 1}, limits=PLENTY).memory_mb
    for split in ("validation", "test"):
        training = {"batch_size": 1, "validation": 1, "test": 1} | {split: 50_000}
        assert of("rnn", training=training, limits=PLENTY).memory_mb - small_split == pytest.approx(
            50_000 * sequence, abs=1
        )
