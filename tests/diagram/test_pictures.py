"""Every picture can be read: nothing lies on anything else, and the lines say what the instructions say."""

from __future__ import annotations

import functools
import random

import pytest

from archsearch import registry
from archsearch.diagram import draw
from archsearch.ir import CellIR, lower, parse_ir
from archsearch.space import RandomChooser, load_cell, load_space
from tests.diagram.geometry import faults
from tests.diagram.netlist import drawn_reads, wanted_reads

NAMES = sorted({*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")})
SPACES = registry.shipped_names("spaces")
DRAWS = 40

ODD = {
    "a constant": "cell one(x; )\n  -> ; output=1",
    "a delay": "cell late(x; h=0)\n  -> h=x; output=h_prev",
    "a gate that reads twice": "cell twice(x; h=0)\n  h~ = affine W[x] + W[x] + d[h_prev] + d[h_prev]\n"
    "  h = tanh h~\n  -> h=h; output=h",
    "a square": "cell square(x; h=0)\n  h~1 = mul h_prev, h_prev\n  h = add h~1, x\n  -> h=h; output=h",
    "states that change places": "cell swap(x; a=0, b=0)\n  a = add b_prev, x\n  -> a=a, b=a_prev; output=a",
    "two ends of one value": "cell both(x; a=0, b=0)\n  c = affine W[x] + W[a_prev] + W[b_prev]\n"
    "  -> a=c, b=c; output=c",
    "order matters": "cell order(x; h=0)\n  a = sub x, h_prev\n  b = div a, x\n  h = gt b, a\n  -> h=h; output=h",
    "long sums": "cell long(x; h=0)\n  g = affine W[x] + b(0)\n  s~1 = add g, x\n  s~2 = sub s~1, h_prev\n"
    "  s~3 = neg g\n  s~4 = add s~2, s~3\n  h = add s~4, x\n  -> h=h; output=h",
    "a gate of many": "cell many(x; a=0, b=0, c=0)\n  g = affine W[x] + W[a_prev] + W[b_prev] + W[c_prev] + d[x] "
    "+ d[a_prev] + d[b_prev] + d[c_prev]\n  a = mul g, a_prev\n  b = mul g, b_prev\n  c = mul g, c_prev\n"
    "  -> a=a, b=b, c=c; output=g",
}


@functools.cache  # a space draws the same cell more than once
def check(ir: CellIR, tries: int | None = None) -> None:
    """Fail unless the picture of a cell can be read and tells the truth."""
    drawing = draw(ir, tries)
    assert faults(drawing) == []
    assert drawn_reads(drawing) == wanted_reads(ir)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_cell_can_be_read(name: str) -> None:
    check(lower(load_cell(name)))


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("part", range(4))
def test_random_cells_of_a_space_can_be_read(space: str, part: int) -> None:
    generator = random.Random(part)
    for _ in range(DRAWS // 4):
        check(load_space(space).fill(RandomChooser(generator)).ir, tries=0)


@pytest.mark.parametrize("what", ODD)
def test_an_odd_cell_can_be_read(what: str) -> None:
    check(parse_ir(ODD[what]), tries=0)
