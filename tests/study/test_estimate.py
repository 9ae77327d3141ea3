"""What an evaluation takes, against what it is found to take."""

from __future__ import annotations

import random

import pytest

from archsearch.schema.study import Limits
from archsearch.space import RandomChooser, load_cell
from archsearch.study.estimate import Estimate, estimate, exceeded
from tests.study.samples import small


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
        (Estimate(100, 200), None),
        (Estimate(101, 200), "parameters limit"),
        (Estimate(100, 201), "memory limit"),
        (Estimate(101, 201), "parameters limit"),
    ],
)
def test_what_is_beyond_a_limit_is_a_failure_of_its_kind(found: Estimate, kind: str | None) -> None:
    failure = exceeded(found, Limits(parameters=100, memory_mb=200))
    assert (failure and failure.kind) == kind
