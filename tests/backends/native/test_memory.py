"""What a training step holds between its way forward and its way back, in units of time x batch x hidden numbers."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from archsearch import build, registry
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.contract.comparison import normal

CELLS = registry.shipped_names("spaces/cells")
TIME, BATCH, SIZE = 64, 3, 32


def kept(name: str, backend: str) -> float:
    """Storages that autograd has saved and that were not there before, outputs included: what reads them keeps them."""
    layer = build(load_cell(name), SIZE, SIZE, backend, seed=1)
    x = normal(TIME, BATCH, SIZE, seed=1, dtype=torch.float32)
    before = {each.untyped_storage().data_ptr() for each in (x, *layer.parameters())}
    found: dict[int, Tensor] = {}

    def pack(tensor: Tensor) -> Tensor:
        if tensor.untyped_storage().data_ptr() not in before:
            found[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y, _ = layer(x)
    pack(y.detach())
    return sum(each.untyped_storage().nbytes() for each in found.values()) / (4 * TIME * BATCH * SIZE)


@pytest.mark.parametrize("name", CELLS)
def test_native_keeps_what_it_plans_to_and_no_more_than_the_reference(name: str) -> None:
    ir = lower(load_cell(name))
    found = kept(name, "native")
    initial = len(ir.states) / TIME  # the states before the first step, kept with the others
    stored = found - len(ir.states) - initial
    assert stored == pytest.approx(round(stored), abs=1e-9)
    assert stored >= 0
    assert found <= kept(name, "reference")


def test_an_lstm_keeps_four_gates_and_two_states() -> None:
    assert math.floor(kept("lstm", "native")) == 6
    assert kept("lstm", "native") < 0.8 * kept("lstm", "reference")
    assert math.floor(kept("rnn", "native")) == 1


def test_without_gradients_nothing_is_kept() -> None:
    def refuse(_tensor: Tensor) -> Tensor:
        raise AssertionError("something was saved")

    layer = build(load_cell("lstm"), SIZE, SIZE, "native")
    x = normal(TIME, BATCH, SIZE, seed=1, dtype=torch.float32)
    with torch.autograd.graph.saved_tensors_hooks(refuse, refuse):
        with torch.no_grad():
            layer(x)
        layer.requires_grad_(False)
        layer(x)
        layer.requires_grad_(True)
        with pytest.raises(AssertionError, match="something was saved"):
            layer(x)
