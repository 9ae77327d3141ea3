"""Compiled training steps are those of PyTorch: the same parameters after two hundred of them, in float64."""

from __future__ import annotations

import dataclasses
import itertools
import random

import numpy as np
import pytest

from archsearch import registry
from archsearch.backends._steps import Stack
from archsearch.backends.native.step import PARTS, CompiledSteps
from archsearch.ir import CellIR, lower
from archsearch.ir.cost import stages
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from tests.backends.native.stepping import (
    BATCH,
    HIDDEN,
    INPUT,
    LARGEST_NORM,
    LONGEST,
    OUTPUT,
    Case,
    assert_trains_as_torch,
    batch,
    pool_of,
    trained,
)
from tests.backends.native.together import compiled_together

TWO_STATES = Cell.model_validate(
    {
        "cell": "two_states",
        "states": {"h": 0.5, "s": -0.25},
        "output": "y",
        "equations": {
            "f": {"linear": ["x", "s_prev"], "diagonal": ["h_prev"], "activation": "sigmoid", "bias": 1},
            "s": "f * s_prev + (1 - f) * h_prev",
            "h": {"linear": ["x", "h_prev"], "activation": "tanh"},
            "y": "h * s",
        },
    }
)
"""Neither of which is the output."""

THREE_STAGES = Cell.model_validate(
    {
        "cell": "three_stages",
        "states": {"h": 0},
        "output": "h",
        "equations": {
            "a": {"linear": ["x", "h_prev"], "activation": "tanh"},
            "b": {"linear": ["a"], "activation": "sigmoid", "bias": "none"},
            "h": {"linear": ["x", "a * b"], "activation": "tanh"},
        },
    }
)

CELLS: dict[str, CellIR] = {name: lower(load_cell(name)) for name in ("lstm", "gru", "mut1")}
CELLS |= {"two_states": lower(TWO_STATES), "three_stages": lower(THREE_STAGES)}

CASES = [
    Case(*choice)  # type: ignore[arg-type]
    for choice in itertools.product(
        ("adam", "rmsprop", "sgd"),
        (None, LARGEST_NORM),
        ("cross_entropy", "squared_error"),
        ("last", "every"),
        ("plain", "residual"),
    )
]


def some_cases(offset: int) -> list[Case]:
    """Nine of the cases, among which each choice occurs."""
    chosen = CASES[offset :: len(CELLS)]
    for field in ("optimizer", "clip", "loss", "readout", "connection"):
        assert {getattr(case, field) for case in chosen} == {getattr(case, field) for case in CASES}
    return chosen


PAIRS = [(name, case) for offset, name in enumerate(CELLS) for case in some_cases(offset)]


@pytest.mark.parametrize(("name", "case"), PAIRS, ids=[f"{name}-{case}" for name, case in PAIRS])
def test_parameters_after_two_hundred_steps_are_torchs(name: str, case: Case) -> None:
    """Each of the cases on one of the cells."""
    assert_trains_as_torch(CELLS[name], case)


def test_every_case_is_trained() -> None:
    assert {case for _, case in PAIRS} == set(CASES)
    assert stages(CELLS["three_stages"]) == 3


@pytest.mark.parametrize("part", range(6))
@pytest.mark.parametrize("space", registry.shipped_names("spaces"))
def test_drawn_cells_train_as_torchs(space: str, part: int) -> None:
    """Sixty of them over all spaces, each with another case."""
    space_of = load_space(space)
    filled = (lower(space_of.fill(RandomChooser(random.Random(seed))).cell) for seed in range(200))
    cells = list({arch_id(ir): ir for ir in filled}.values())[part:60:6][:5]
    with compiled_together(cells, "double"):
        for number, ir in enumerate(cells):
            case = CASES[(7 * number + 11 * part) % len(CASES)]
            layers = 2 if case.connection == "residual" else 1
            assert_trains_as_torch(ir, dataclasses.replace(case, layers=layers), rate=1e-3)


@pytest.mark.parametrize("hidden_size", [1, 8, 13])
def test_any_hidden_size_trains_as_torch(hidden_size: int) -> None:
    """Whole vectors and parts of them."""
    case = Case(clip=LARGEST_NORM, readout="every", connection="residual", layers=3, hidden_size=hidden_size)
    assert_trains_as_torch(CELLS["mut1"], case)


def test_steps_do_not_depend_on_how_many_are_made_in_one_call() -> None:
    case, generator = Case(readout="every"), np.random.default_rng(3)
    batches = [batch(case, generator) for _ in range(12)]
    ends = []
    for count in (1, 5, 12):
        steps = fresh(case)
        losses = [
            loss for first in range(0, 12, count) for loss in trained(steps, pool_of(batches[first : first + count]))
        ]
        ends.append((losses, {name: value.tobytes() for name, value in steps.parameters.items()}))
    assert ends[0] == ends[1] == ends[2]


def test_outputs_do_not_depend_on_how_many_sequences_run_at_once() -> None:
    case, generator = Case(readout="every"), np.random.default_rng(3)
    steps, some = fresh(case), batch(case, generator, 7)
    whole = steps.infer(some.inputs, some.mask)
    assert whole[some.mask].all()
    assert not whole[~some.mask].any()
    for column in range(7):
        alone = steps.infer(some.inputs[:, column : column + 1], some.mask[:, column : column + 1])
        assert np.array_equal(alone[:, 0], whole[:, column])


@pytest.mark.parametrize("spoilt", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_ends_a_call_and_changes_nothing(spoilt: float) -> None:
    case, generator = Case(loss="squared_error"), np.random.default_rng(3)
    steps = fresh(case)
    batches = [batch(case, generator) for _ in range(3)]
    batches[1].targets[-1, 0, 0] = spoilt
    kept = fresh(case)
    trained(kept, pool_of(batches[:1]))
    losses = trained(steps, pool_of(batches))
    assert len(losses) == 2
    assert np.isfinite(losses[0])
    assert not np.isfinite(losses[1])
    assert all(np.array_equal(steps.parameters[name], value) for name, value in kept.parameters.items())


def test_the_parts_of_a_step_are_measured() -> None:
    steps = fresh(Case())
    assert steps.seconds == dict.fromkeys(PARTS, 0.0)
    trained(steps, pool_of([batch(Case(), np.random.default_rng(3))]))
    assert all(steps.seconds[part] > 0 for part in ("forward", "head and loss", "backward", "optimizer"))


def fresh(case: Case) -> CompiledSteps:
    """The LSTM with drawn weights."""
    stack = Stack(CELLS["lstm"], INPUT, HIDDEN, 2, "output", OUTPUT, case.loss, case.optimizer, 0.01, case.clip)
    generator = np.random.default_rng(1)
    weights = {name: generator.uniform(-0.5, 0.5, size=shape) for name, shape in stack.shapes.items()}
    return CompiledSteps(stack, weights, LONGEST, BATCH, 2 * BATCH, "float64")
