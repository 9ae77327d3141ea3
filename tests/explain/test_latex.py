"""LaTeX: well-formed, every name defined, and the same numbers as the reference backend when it is read back."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

from archsearch import build, registry
from archsearch.explain.latex import Latex, latex_of
from archsearch.ir import lower
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from tests.explain.latex_reader import Array, lines_of, previous_of, step
from tests.ir.cells import cell, gate, sigmoid
from tests.ir.random_cells import random_cell

NAMES = sorted({*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")})
SIZE, TIME = 3, 4

WHOLE = cell(
    {
        "update_gate": sigmoid("x", "h_prev", "2.5e-05 * s_prev", "x"),
        "nh": {"linear": ["h_prev"], "diagonal": ["s_prev", "x"], "bias": "none", "activation": "silu"},
        "n_h": "max(nh, -update_gate) - min(nh, 0.5) / (2 + exp(-nh * nh))",
        "g1": "gt(n_h, 0.1) + log(softplus(n_h) + 1) * -2 - (nh - n_h)",
        "g": gate("g1", "x - nh", activation="leaky_relu"),
        "s": "hard_sigmoid(g) - sin(g1) + (-s_prev) * 0.5 + logsigmoid(softsign(g))",
        "h": "tanh(s * update_gate - 1) - (g - 1 / (1 + g * g))",
    },
    ("h", "s"),
)
"""Every function, awkward names, nested signs."""


def values_of(latex: str, of: Cell, symbols: dict[str, str]) -> Array:
    """Outputs [time, hidden] of one sequence by the LaTeX alone, with the parameters of a built layer."""
    _, parameters, x = built(of)
    known = {symbol: parameters[name] for symbol, name in symbols.items()}
    heads = dict(zip(of.equations, (left for left, _ in lines_of(latex)), strict=False))
    state = {previous_of(heads[name]): np.full(SIZE, start) for name, start in of.states.items()}
    outputs = []
    for row in x:
        found = step(latex, known | state | {"x_t": row})
        state = {previous_of(heads[name]): np.broadcast_to(found[heads[name]], (SIZE,)) for name in of.states}
        outputs.append(np.broadcast_to(found[heads[of.output]], (SIZE,)))
    return np.stack(outputs)


def built(of: Cell) -> tuple[Any, dict[str, Array], Array]:
    """A reference layer with small weights, its parameters by name, and an input [time, features]."""
    generator = torch.Generator().manual_seed(7)
    layer = build(lower(of), SIZE, SIZE, "reference", seed=7, dtype=torch.float64)
    x = torch.randn(TIME, SIZE, generator=generator, dtype=torch.float64)
    live = {name: parameter.detach().numpy() for name, parameter in layer.named_parameters()}
    return layer, _Filled(live), x.numpy()


class _Filled(dict[str, Array]):
    """Parameters of equations that the layer leaves out, since nothing reads them, are any numbers."""

    def __missing__(self, name: str) -> Array:
        return np.full((SIZE, SIZE) if ".linear." in name else SIZE, 0.1)


def assert_means_the_cell(latex: Latex, of: Cell) -> None:
    """Raise AssertionError unless the LaTeX computes what the reference backend computes."""
    layer, parameters, x = built(of)
    assert set(parameters) <= set(latex.symbols.values())
    assert len(set(latex.symbols.values())) == len(latex.symbols)
    y, _ = layer(torch.from_numpy(x)[:, None])
    np.testing.assert_allclose(
        values_of(latex.text, of, latex.symbols), y[:, 0].detach().numpy(), rtol=1e-11, atol=1e-12
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_cell_read_back_from_latex_is_the_reference(name: str) -> None:
    of = load_cell(name)
    assert_means_the_cell(latex_of(of), of)


def test_every_function_and_awkward_names_read_back() -> None:
    latex = latex_of(WHOLE)
    assert_means_the_cell(latex, WHOLE)
    assert r"\operatorname{silu}(a) &= a \odot \sigma(a)" in latex.text


@pytest.mark.parametrize("space", registry.shipped_names("spaces"))
def test_cells_of_a_space_read_back(space: str) -> None:
    generator = random.Random(3)
    for _ in range(12):
        of = load_space(space).fill(RandomChooser(generator)).cell
        assert_means_the_cell(latex_of(of), of)


def test_random_cells_read_back() -> None:
    generator = random.Random(4)
    cells = [random_cell(generator) for _ in range(60)]
    for of in cells:
        if " / " not in str(of.equations):  # a random divisor may be close to 0
            assert_means_the_cell(latex_of(of), of)


def test_names_are_as_in_papers() -> None:
    text = latex_of(load_cell("peephole_lstm")).text
    assert r"i_t &= \sigma(W_{i} x_t + U_{i} h_{t-1} + p_{i} \odot c_{t-1} + b_{i}) \\" in text
    assert r"h_t &= o_t \odot \tanh(c_t)" in text
    assert r"n_t &= \tanh(n_{\mathrm{x},t} + r_t \odot n_{\mathrm{h},t})" in latex_of(load_cell("gru")).text
    assert r"4 \cdot \sigma(" in latex_of(load_cell("lstm_1997")).text


def test_two_names_never_share_a_symbol() -> None:
    of = cell({"nh": gate("x"), "n_h": gate("x"), "n__h": gate("x"), "h": "nh + n_h * n__h"})
    heads = [left for left, _ in lines_of(latex_of(of).text)]
    assert len(set(heads)) == 4
    assert_means_the_cell(latex_of(of), of)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (r"f_t \odot c_{t-1} + i_t", r"f_t \odot c_{t-1} - i_t"),
        (r"\sigma(W_{i}", r"\tanh(W_{i}"),
        (r"o_t \odot \tanh(c_t)", r"o_t \odot \tanh(c_{t-1})"),
        ("U_{f}", "U_{i}"),
    ],
)
def test_the_comparison_fails_on_a_slip(wrong: str, right: str) -> None:
    of = load_cell("lstm")
    latex = latex_of(of)
    assert wrong in latex.text
    with pytest.raises(AssertionError):
        assert_means_the_cell(Latex(latex.text.replace(wrong, right), latex.symbols), of)


@pytest.mark.parametrize(("old", "new"), [("x_t", "x_{t}"), ("g_t &=", "y_t &="), ("b_{f})", "b_{f}"), ("_{i}", "_{i")])
def test_the_reader_refuses_undefined_names_and_open_brackets(old: str, new: str) -> None:
    of = load_cell("lstm")
    latex = latex_of(of)
    assert old in latex.text
    with pytest.raises(ValueError, match=r"defined|expected|LaTeX|left over"):
        values_of(latex.text.replace(old, new), of, latex.symbols)
