"""Weights that were trained under canonical names fit every spelling of the cell, and compute the same there."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import save

from archsearch import registry
from archsearch.ir import CellIR, canonical, lower
from archsearch.ir.initial import Values
from archsearch.models.initial import initial_model
from archsearch.models.recurrent import RecurrentModel
from archsearch.models.weights import spelled_weights
from archsearch.schema.study import Model
from archsearch.space import load_cell
from tests.ir.respelling import respelled

MODEL = Model(hidden_size=4, layers=2, connection="residual")
INPUT, OUTPUT = 3, 2


def outputs(ir: CellIR, values: Values) -> NDArray[np.float64]:
    model = RecurrentModel(ir, MODEL, INPUT, OUTPUT, "reference", values, dtype=torch.float64)
    x = torch.randn(5, 2, INPUT, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    with torch.no_grad():
        result: NDArray[np.float64] = model(x, torch.ones(5, 2, dtype=torch.bool)).numpy()
    return result


@pytest.mark.parametrize("name", registry.shipped_names("spaces/cells"))
def test_stored_weights_compute_the_same_in_every_spelling(name: str) -> None:
    original = load_cell(name)
    ir = canonical(lower(original)).ir
    values = initial_model(ir, MODEL, INPUT, OUTPUT, seed=3)
    expected = outputs(ir, values)
    for way, spelling in [("as it is", original), *respelled(original, random.Random(name))]:
        weights = spelled_weights(save(values), lower(spelling))
        np.testing.assert_allclose(outputs(lower(spelling), weights), expected, rtol=0, atol=1e-12, err_msg=way)


def test_names_are_those_of_the_equations() -> None:
    ir = lower(load_cell("peephole_lstm"))
    values = initial_model(canonical(ir).ir, MODEL, INPUT, OUTPUT, seed=3)
    assert set(spelled_weights(save(values), ir)) == set(initial_model(ir, MODEL, INPUT, OUTPUT, seed=3))


def test_a_projection_of_the_input_keeps_its_name() -> None:
    ir = lower(load_cell("mut1"))
    values = initial_model(canonical(ir).ir, MODEL, INPUT, OUTPUT, seed=3)
    weights = spelled_weights(save(values), ir)
    np.testing.assert_array_equal(weights["layers.0.x.linear.0"], values["layers.0.x.linear.0"])
    assert "layers.1.x.linear.0" not in weights
