"""The IR's text and its reading back are inverse."""

from __future__ import annotations

import math

import pytest

from archsearch import registry
from archsearch.ir import Affine, BrokenIR, CellIR, Pointwise, State, lower, parse_ir
from archsearch.ir.instructions import spell
from archsearch.space import load_cell
from tests.ir.cells import cell, gate, lowered


@pytest.mark.parametrize("kind", ["spaces/cells", "spaces/wirings"])
def test_every_shipped_cell_is_read_back_as_it_was(kind: str) -> None:
    names = registry.shipped_names(kind)
    assert names
    for name in names:
        path = str(registry.shipped_path(kind, name))
        ir = lower(load_cell(path))
        assert parse_ir(str(ir)) == ir


@pytest.mark.parametrize(
    "ir",
    [
        lowered({"h": "0.5"}),
        lowered({"h": "x"}),
        lowered({"h": {"bias": -0.25, "activation": "tanh"}}),
        lowered({"h": {"diagonal": ["x", "h_prev"], "bias": "none"}}),
        lowered({"h": "1e-7 * h_prev + 123456789012345680 * x - 0.1"}),
        lowered({"output": gate("x", "h_prev"), "inf": "output * output", "h": "inf"}),
        lower(cell({"m": "max(m_prev, x)", "h": "m"}, states={"m": -math.inf})),
        lower(cell({"output": "output_prev + x", "h": "output"}, states={"output": -0.0})),
        CellIR("two-inputs", ("x", "y"), (), (Pointwise("h", "add", ("x", "y")),), "h"),
    ],
    ids=str,
)
def test_odd_cells_are_read_back_as_they_were(ir: CellIR) -> None:
    again = parse_ir(str(ir))
    assert again == ir
    assert str(again) == str(ir)


@pytest.mark.parametrize(
    "number",
    [0.0, -0.0, 1.0, -1.0, 0.1, 1 / 3, 1e15, 1e16, 123456789.5, 5e-324, -1.7976931348623157e308, 2.0**53 + 2],
)
def test_numbers_are_spelt_exactly(number: float) -> None:
    back = float(spell(number))
    assert (back, math.copysign(1, back)) == (number, math.copysign(1, number))


@pytest.mark.parametrize("number", [-math.inf, math.inf])
def test_infinities_are_spelt_too(number: float) -> None:
    assert float(spell(number)) == number


GOOD = "cell c(x; h=0)\n  h~ = affine W[x] + W[h_prev] + b(0)\n  h = tanh h~\n  -> h=h; output=h\n"


def test_the_good_text_is_good() -> None:
    affine = Affine("h~", ("x", "h_prev"), (), 0.0)
    expected = CellIR("c", ("x",), (State("h", 0.0, "h"),), (affine, Pointwise("h", "tanh", ("h~",))), "h")
    assert parse_ir(GOOD) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cell c", "sell c"),
        ("tanh h~", "tan h~"),
        ("affine W[x]", "affine V[x]"),
        (" + b(0)", " + b()"),
        ("  h = tanh", "h = tanh"),
        ("output=h", ""),
        ("  -> ", "  => "),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"not a line of an IR|unknown instruction|could not convert"):
        parse_ir(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"), [("tanh h~", "tanh q"), ("output=h", "output=q"), ("tanh h~", "add h~"), ("h = tanh", "h~ = tanh")]
)
def test_text_that_breaks_a_law_is_refused(old: str, new: str) -> None:
    with pytest.raises(BrokenIR):
        parse_ir(GOOD.replace(old, new))
