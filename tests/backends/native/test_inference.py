"""Without gradients: the same numbers bit by bit, and no memory that grows with time but the output's."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from archsearch import registry
from archsearch.backends._layer import CellLayer
from archsearch.backends.native.memory import BLOCKS
from archsearch.ir import CellIR, lower
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, Sizes, subject
from tests.contract.comparison import normal
from tests.ir.cells import cell, gate

CELLS = registry.shipped_names("spaces/cells")
OTHERS = {
    "an output that is no state": cell({"s": gate("x", "s_prev"), "y": "tanh(s) * s_prev"}, ("s",), "y"),
    "several stages": cell({"a": gate("x", "h_prev"), "b": gate("tanh(a)"), "h": gate("sin(b)", activation="tanh")}),
    "a delay line": cell({"a": "h_prev", "b": "a_prev", "h": gate("x", "b_prev", activation="tanh")}, ("h", "a", "b")),
}
ALL: dict[str, CellIR] = {name: lower(load_cell(name)) for name in CELLS} | {k: lower(v) for k, v in OTHERS.items()}
WIDE = 16
"""A whole number of vectors in every type and on every machine."""

each_cell = pytest.mark.parametrize("name", ALL)


def layer_and_numbers(
    name: str, sizes: Sizes, dtype: torch.dtype = DOUBLE
) -> tuple[CellLayer, Tensor, dict[str, Tensor]]:
    drawn = subject(ALL[name], sizes)
    return drawn.layer("native", dtype), drawn.x.to(dtype), {k: v.to(dtype) for k, v in drawn.states.items()}


def assert_same_bits(found: tuple[Tensor, dict[str, Tensor]], expected: tuple[Tensor, dict[str, Tensor]]) -> None:
    assert torch.equal(found[0], expected[0])
    assert found[1].keys() == expected[1].keys()
    assert all(torch.equal(found[1][state], value) for state, value in expected[1].items())


@each_cell
def test_it_gives_the_bits_that_training_gives(name: str) -> None:
    for time in (1, 2, 7):
        layer, x, states = layer_and_numbers(name, (time, 5, 3, 17), SINGLE)
        expected = layer(x, states)
        assert expected[0].requires_grad
        with torch.no_grad():
            assert_same_bits(layer(x, states), expected)
        with torch.inference_mode():
            assert_same_bits(layer(x, states), expected)
        layer.requires_grad_(False)
        found = layer(x, states)
        assert not found[0].requires_grad
        assert_same_bits(found, expected)


@each_cell
def test_states_handed_over_give_the_bits_of_the_whole_sequence(name: str) -> None:
    layer, x, states = layer_and_numbers(name, (9, 5, 3, 17), SINGLE)
    whole = layer(x, states)
    for training in (True, False):
        with torch.set_grad_enabled(training):
            for pieces in ([4, 5], [1, 1, 7], [1] * 9):
                outputs, last = [], states
                for piece in torch.split(x, pieces):
                    y, last = layer(piece, last)
                    outputs.append(y)
                assert_same_bits((torch.cat(outputs), last), whole)


def test_a_batch_gives_the_bits_of_its_sequences_alone() -> None:
    layer, x, states = layer_and_numbers("gru_reset_before", (6, 100, 3, 17), SINGLE)
    y, last = layer(x, states)
    for rows in ([0], [99], list(range(7)), list(range(90, 100))):
        some = layer(x[:, rows], {name: value[rows] for name, value in states.items()})
        assert_same_bits(some, (y[:, rows], {name: value[rows] for name, value in last.items()}))


class Allocations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Adds up the bytes of all storages that operations make while it is on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: list[Tensor] = []  # so that no address is used twice
        self.storages: dict[int, int] = {}

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = function(*args, **(kwargs or {}))
        for tensor in found if isinstance(found, list | tuple) else [found]:
            if isinstance(tensor, Tensor):
                self.held.append(tensor)
                self.storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return found

    @property
    def total(self) -> int:
        return sum(self.storages.values())


def torch_empty(count: int, dtype: torch.dtype) -> Tensor:
    """In place of blocks that are used again, which torch does not hear of."""
    return torch.empty(count, dtype=dtype)


def allocated(name: str, time: int, inputs: int, hidden: int, training: bool) -> int:
    layer, x, states = layer_and_numbers(name, (time, 3, inputs, hidden))
    layer(x, states)  # compiles
    given = {x.untyped_storage().data_ptr()}
    with torch.set_grad_enabled(training), Allocations() as seen, mock.patch.object(BLOCKS, "empty", torch_empty):
        layer(x, states)
    return sum(size for place, size in seen.storages.items() if place not in given)


@each_cell
def test_only_the_outputs_memory_grows_with_time(name: str) -> None:
    growth = allocated(name, 80, WIDE, WIDE, training=False) - allocated(name, 16, WIDE, WIDE, training=False)
    assert growth == 64 * 3 * WIDE * 8
    assert allocated(name, 80, WIDE, WIDE, training=True) >= allocated(name, 80, WIDE, WIDE, training=False)


def test_rows_of_other_lengths_are_filled_up_to_whole_vectors() -> None:
    few, many = (allocated("lstm", time, 3, 5, training=False) for time in (16, 80))
    assert 64 * 3 * 5 * 8 <= many - few <= 64 * 3 * WIDE * 8


def test_a_bare_input_of_another_size_is_projected_inside_the_kernel() -> None:
    few, many = (allocated("mut1", time, 3, WIDE, training=False) for time in (16, 80))
    assert many - few == 64 * 3 * WIDE * 8


def test_the_measure_sees_an_allocation() -> None:
    with Allocations() as seen:
        first = normal(4, 4, seed=1)
        first.t().add_(1)
        assert seen.total >= 4 * 4 * 8
        before = seen.total
        first[1:].mul_(2)
        assert seen.total == before
