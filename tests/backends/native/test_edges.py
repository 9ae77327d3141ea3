"""Cells that ask for something unusual of the rendered text; what is odd for every backend stands in the contract."""

from __future__ import annotations

from bisect import bisect
from itertools import pairwise

import pytest
import torch

from archsearch import build
from archsearch.backends import choose
from archsearch.backends.native import LARGEST
from archsearch.backends.native.compiler import load_library
from archsearch.backends.native.kernels import CELL_OPTIONS, render
from archsearch.backends.native.plan import Plan
from archsearch.errors import Refused
from archsearch.ir import CellIR, lower
from archsearch.schema.cell import Cell
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, assert_equals_reference, subject
from tests.backends.native.test_forms import EVERYTHING
from tests.backends.native.together import compiled_together
from tests.ir.cells import cell, gate, sigmoid

C_WORDS = ("int", "double", "static", "time", "batch", "width", "hidden", "row", "t", "r", "j", "at", "z", "dz", "V")
C_NAMES = {name: f"tanh({name}_prev + a)" for name in (*C_WORDS, "REAL", "main", "DEPTH", "product", "scratch", "s0")}

TANH, SIGMOID = gate("x", "h_prev", activation="tanh"), sigmoid("x", "h_prev")

SLSTM = """
cell: slstm            # Beck et al. 2024, xLSTM, equations 8 to 17
states: {h: 0, c: 0, n: 0, m: -.inf}
output: h
equations:
  it: {linear: [x, h_prev]}
  ft: {linear: [x, h_prev], bias: 1}
  z: {linear: [x, h_prev], activation: tanh}
  o: {linear: [x, h_prev], activation: sigmoid}
  m: max(logsigmoid(ft) + m_prev, it)
  i: exp(it - m)
  f: exp(logsigmoid(ft) + m_prev - m)
  c: f * c_prev + i * z
  n: f * n_prev + i
  h: o * c / n
"""

CELLS: dict[str, Cell] = {
    "an equation called d": cell({"a": TANH, "b": SIGMOID, "d": "tanh(a * b + sin(a)) * exp(a)", "h": "tanh(d * b)"}),
    "products of products": cell({"a": gate("x", "h_prev"), "b": gate("a", "h_prev"), "h": gate("b", "a", "x")}),
    "a product as state": cell({"a": gate("x", "a_prev"), "h": gate("a", activation="tanh")}, ("h", "a")),
    "a product as output": cell({"h": TANH, "y": gate("h")}, output="y"),
    "one value as three states": cell({"v": TANH, "s": "v", "t": "v", "h": "v * s_prev + t_prev"}, ("h", "s", "t")),
    "states that change places": cell({"a": "b_prev", "b": "a_prev", "h": gate("a", "x")}, ("a", "b", "h")),
    "a state that keeps itself": cell({"s": "s_prev", "h": gate("x", "s_prev", activation="tanh")}, ("s", "h")),
    "a state that nothing reads": cell({"h": TANH, "s": "h * x"}, ("h", "s")),
    "a long memory": cell(
        {"a": "h_prev", "b": "a_prev", "c": "b_prev", "h": gate("x", "c_prev", "a_prev", activation="tanh")},
        ("h", "a", "b", "c"),
    ),
    "a value read by several stages": cell(
        {"a": TANH, "b": sigmoid("a"), "e": gate("a * b", activation="tanh"), "h": "a * b + e * (1 - a)"}
    ),
    "diagonals in a later stage": cell(
        {"a": TANH, "b": sigmoid("a", diagonal=["a", "h_prev"]), "h": gate("a", diagonal=["b"], activation="tanh")}
    ),
    "gates that share a bare bias": cell({"b": {"bias": 0.5}, "a": sigmoid("b"), "h": gate("x", "a * b")}),
    "names with a meaning in C": cell({"a": gate("x"), **C_NAMES, "h": " + ".join(C_NAMES)}, (*C_NAMES, "h")),
    "numbers large, small and exact": cell({"h": "tanh(1e-30 * (1e30 * x)) + 0.1 * h_prev - 3e-5"}),
    "a long chain": cell({"a0": TANH, **{f"a{k}": f"0.99 * a{k - 1} + 1e-3" for k in range(1, 480)}, "h": "a479"}),
    "sLSTM": load_cell(SLSTM),
}


@pytest.mark.parametrize(("dtype", "real"), [(SINGLE, "float"), (DOUBLE, "double")], ids=["single", "double"])
def test_they_equal_the_reference(dtype: torch.dtype, real: str) -> None:
    cells = {name: lower(each) for name, each in CELLS.items()}
    with compiled_together(cells.values(), real):
        for name, ir in cells.items():
            for sizes in ((5, 3, 3, 3), (3, 2, 2, 18)):
                try:
                    assert_equals_reference(subject(ir, sizes), dtype)
                except AssertionError as error:
                    raise AssertionError(f"{name}, {sizes}: {error}") from error


def test_slstm_starts_from_minus_infinity() -> None:
    outputs = []
    for backend in ("native", "reference"):
        layer = build(load_cell(SLSTM), 3, 5, backend, seed=1, dtype=DOUBLE)
        y, last = layer(torch.linspace(-1, 1, 4 * 2 * 3, dtype=DOUBLE).reshape(4, 2, 3))
        gradients = torch.autograd.grad(y.sum() + last["n"].sum(), list(layer.parameters()))
        outputs.append((y, last["m"], *gradients))
    for found, expected in zip(*outputs, strict=True):
        assert found.isfinite().all()
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_a_division_by_zero_is_infinite_as_in_the_reference() -> None:
    of = cell({"h": "x / 0 + x / -1e-320 + h_prev"})
    outputs = []
    for backend in ("native", "reference"):
        x = torch.tensor([[[1.0, -2.0, 3.0]]], dtype=DOUBLE, requires_grad=True)
        y, _ = build(of, 3, 3, backend, dtype=DOUBLE)(x)
        (slope,) = torch.autograd.grad(y, x, torch.tensor([[[1.0, -1.0, 0.0]]], dtype=DOUBLE))
        outputs.append((y, slope))
    for found, expected in zip(*outputs, strict=True):
        assert not expected.isfinite().all()
        torch.testing.assert_close(found, expected, rtol=0, atol=0, equal_nan=True)


def chain(length: int, function: str) -> CellIR:
    """`length` functions, one of the other: the input of a fault, 400 tanh, took half a minute to compile."""
    names = ["x", *(f"a{k}" for k in range(1, length)), "h"]
    return lower(cell({name: f"{function}({before})" for before, name in pairwise(names)}))


CHAINED = ("softplus", "hard_sigmoid")
"""Long formulas, so that a cell of few equations is too large; the second one is all selections."""


def terms(count: int) -> CellIR:
    """More instructions than any cell that is compiled."""
    equations = {f"a{k}": f"tanh({' + '.join(['g * h_prev'] * count)})" for k in range(count)}
    return lower(cell({"g": gate("x"), **equations, "h": " + ".join(equations)}))


def test_a_cell_above_a_static_size_is_left_to_the_reference() -> None:
    """Time is no part of the choice: it would differ from machine to machine."""
    edges = [bisect(range(1, 400), LARGEST, key=lambda length: Plan(chain(length, name)).size) for name in CHAINED]
    larges = [chain(edge + 1, name) for edge, name in zip(edges, CHAINED, strict=True)]
    for edge, name in zip(edges, CHAINED, strict=True):
        assert choose(["native", "reference"], chain(edge, name)) == ("native", "")
    assert choose(["native", "reference"], chain(400, "tanh")) == ("native", "")
    sizes = [(large, Plan(large).size) for large in larges]
    for large, size in (*sizes, (terms(60), len(terms(60).body))):
        refusal = f"the cell has the size {size:,}, and at most {LARGEST:,} is compiled; use the backend 'reference'"
        assert choose(["native", "reference"], large) == ("reference", f"native: {refusal}")
        with pytest.raises(Refused, match=refusal):  # and not a fault of the machine, which would be tried again
            choose(["native"], large)


def test_the_text_of_a_cell_needs_no_header_of_the_system() -> None:
    """Reading them would take a tenth of the time that a cell takes to compile."""
    load_library(render(Plan(subject(EVERYTHING, (1, 1, 1, 1)).ir)), "float", f"{CELL_OPTIONS} -nostdinc")
    with pytest.raises(Refused, match=r"math\.h"):
        load_library("#include <math.h>", "float", f"{CELL_OPTIONS} -nostdinc")
