"""How models start: the same numbers as their modules, each parameter drawn by itself, without torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from archsearch import build
from archsearch.ir import canonical, lower
from archsearch.models.initial import initial_model
from archsearch.models.recurrent import RecurrentModel
from archsearch.schema.study import Model
from archsearch.space import load_cell
from tests.draws.plain_philox import symmetric


@pytest.mark.parametrize("name", ["lstm", "mut1", "peephole_lstm"])
def test_a_module_starts_at_these_values(name: str) -> None:
    ir, model = lower(load_cell(name)), Model(hidden_size=4, layers=3, connection="residual")
    values = initial_model(ir, model, 3, 2, seed=5)
    for dtype in (torch.float32, torch.float64):
        state = RecurrentModel(ir, model, 3, 2, "reference", values, dtype=dtype).state_dict()
        assert state.keys() == values.keys()
        for key, value in values.items():
            assert value.dtype == np.float64
            assert torch.equal(state[key], torch.from_numpy(value).to(dtype))


def test_each_layer_and_the_head_are_drawn_by_themselves() -> None:
    values = initial_model(lower(load_cell("lstm")), Model(hidden_size=4, layers=2), 3, 2, seed=9)
    expected = {
        "layers.0.i.linear.0": ("layers", 0),
        "layers.0.g.linear.1": ("layers", 7),
        "layers.1.i.linear.1": ("layers", 2**32 + 1),
        "head.weight": ("head", 0),
    }
    for name, (purpose, number) in expected.items():
        assert values[name].ravel().tolist() == symmetric(9, purpose, number, values[name].size, 0.5)
    assert not values["head.bias"].any()


def test_a_layer_that_is_built_of_the_canonical_cell_is_the_first_of_an_evaluation() -> None:
    ir = canonical(lower(load_cell("peephole_lstm"))).ir
    layer = build(ir, 3, 4, seed=6, dtype=torch.float64)
    values = initial_model(ir, Model(hidden_size=4, layers=2), 3, 2, seed=6)
    for name, value in layer.state_dict().items():
        assert torch.equal(value, torch.from_numpy(values[f"layers.0.{name}"]))


def test_a_deeper_model_begins_with_the_layers_of_a_shallower_one() -> None:
    ir = lower(load_cell("gru"))
    shallow, deep = (initial_model(ir, Model(hidden_size=4, layers=layers), 3, 2, seed=1) for layers in (1, 3))
    assert all(np.array_equal(value, deep[name]) for name, value in shallow.items())


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys; from archsearch.ir import lower; from archsearch.models.initial import initial_model;"
        "from archsearch.schema.study import Model; from archsearch.space import load_cell;"
        "initial_model(lower(load_cell('lstm')), Model(hidden_size=4), 3, 2, 1);"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
