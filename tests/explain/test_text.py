"""Equations as `show` prints them: they alone say what is computed, whatever values are called."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from archsearch import build, registry
from archsearch.diagram import draw_svg
from archsearch.diagram.fold import graph_of
from archsearch.diagram.measure import label_of
from archsearch.diagram.words import describe
from archsearch.explain.latex import latex_of
from archsearch.explain.text import spell_equations
from archsearch.ir import lower
from archsearch.schema.cell import Cell, Gate
from archsearch.space import RandomChooser, load_cell, load_space
from tests.explain.latex_reader import lines_of
from tests.explain.text_reader import Array, Reading
from tests.ir.cells import cell, gate, renamed, sigmoid

NAMES = sorted({*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")})
HOSTILE = ("W", "b", "U", "p", "t", "d", "W_i", "b_t", "bias", "linear", "Wx", "U_1", "sigma")
SIZE, TIME = 3, 4


def read_back(of: Cell, texts: dict[str, str]) -> tuple[Array, Array, dict[str, list[float]]]:
    """Outputs by the texts alone and by the reference backend, with the same parameters; what biases start at."""
    generator = torch.Generator().manual_seed(7)
    layer = build(lower(of), SIZE, SIZE, "reference", seed=7, dtype=torch.float64)
    x = torch.randn(TIME, SIZE, generator=generator, dtype=torch.float64)
    known = {name: parameter.detach().numpy() for name, parameter in layer.named_parameters()}
    state = {f"{name}_prev": np.full(SIZE, start) for name, start in of.states.items()}
    outputs, starts = [], {}
    for row in x.numpy():
        values: dict[str, Array] = {"x": row, **state}
        for name, text in texts.items():
            reading = Reading(text, values, lambda part, name=name: known[f"{name}.{part}"])  # type: ignore[misc]
            values[name] = np.broadcast_to(reading.all(), (SIZE,))
            starts[name] = reading.starts
        state = {f"{name}_prev": values[name] for name in of.states}
        outputs.append(values[of.output])
    y, _ = layer(x[:, None])
    return np.stack(outputs), y[:, 0].detach().numpy(), starts


def assert_read_back(of: Cell, texts: dict[str, str]) -> None:
    """Raise AssertionError unless the texts compute what the cell computes, and say where its biases start."""
    found, wanted, starts = read_back(of, texts)
    np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-12)
    for name, equation in of.equations.items():
        bias = equation.bias if isinstance(equation, Gate) else "none"
        assert starts[name] == ([] if bias == "none" else [bias])


def hostile(of: Cell, generator: random.Random) -> Cell:
    """The cell under names that look like parameters."""
    names = generator.sample([*HOSTILE, *(f"b{index}" for index in range(len(of.equations)))], len(of.equations))
    return renamed(of, dict(zip(of.equations, names, strict=True)))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_cell_under_hostile_names_reads_back_from_its_text(name: str) -> None:
    generator, of = random.Random(1), load_cell(name)
    for each in (of, *(hostile(of, generator) for _ in range(5))):
        assert_read_back(each, spell_equations(each))


def test_cells_of_a_space_under_hostile_names_read_back() -> None:
    generator, opened = random.Random(2), load_space("lstm_to_gru")
    for _ in range(20):
        of = hostile(opened.fill(RandomChooser(generator)).cell, generator)
        assert_read_back(of, spell_equations(of))


def test_a_value_called_b_is_no_bias() -> None:
    of = cell({"b": {"bias": 0.5, "activation": "sigmoid"}, "W": "sigmoid(b)", "h": gate("W", "h_prev", bias="none")})
    texts = spell_equations(of)
    assert texts == {"b": "sigmoid(b(0.5))", "W": "sigmoid(b)", "h": "W·W + W·h_prev"}
    assert_read_back(of, texts)
    with pytest.raises((AssertionError, KeyError)):
        assert_read_back(of, texts | {"b": "sigmoid(b)"})


def test_the_words_of_a_picture_read_back() -> None:
    for name in ("lstm_b", "peephole_lstm", "gru_reset_before"):
        of = hostile(load_cell(name), random.Random(3))
        ir = lower(of)
        lines = [line.split(" = ", 1) for line in describe(ir, graph_of(ir)).splitlines() if " = " in line]
        texts = {name: text.replace("σ", "sigmoid").replace("−", "-") for name, text in lines}
        assert_read_back(of, {name: texts[name] for name in of.equations})


@pytest.mark.parametrize("letter", ["W", "U", "p", "b"])
def test_latex_tells_parameters_from_values(letter: str) -> None:
    of = cell({letter: sigmoid("x"), "t": {"linear": ["x", letter], "diagonal": [letter]}, "h": f"t * {letter}"})
    latex = latex_of(of)
    values = {left.replace("{", "").replace("}", "") for left, _ in lines_of(latex.text)}
    assert not values & {symbol.replace("{", "").replace("}", "") for symbol in latex.symbols}


@pytest.mark.parametrize("name", NAMES)
def test_another_initial_bias_is_seen_in_text_and_picture(name: str) -> None:
    of = load_cell(name)
    for gate_name, equation in of.equations.items():
        if isinstance(equation, Gate) and equation.bias != "none":
            other = equation.model_copy(update={"bias": float(equation.bias) + 2})
            changed = of.model_copy(update={"equations": {**of.equations, gate_name: other}})
            assert spell_equations(of) != spell_equations(changed)
            labels = [[label_of(node) for node in graph_of(lower(each)).nodes.values()] for each in (of, changed)]
            assert labels[0] != labels[1]


def test_the_pictures_of_lstm_and_lstm_b_differ() -> None:
    one, other = (draw_svg(lower(load_cell(name)), 0) for name in ("lstm", "lstm_b"))
    assert ">f, b=1</text>" in other
    assert ">f</text>" in one
