"""Random cells from the whole language run as on the reference."""

from __future__ import annotations

import random

import pytest
import torch

from archsearch.formula import FUNCTIONS
from archsearch.ir import CellIR, Pointwise, lower
from tests.backends.native.comparing import DOUBLE, SINGLE, assert_equals_reference, subject
from tests.backends.native.together import compiled_together
from tests.ir.whole_language import random_cell

CELLS = 120
PARTS = 4


def drawn(part: int) -> list[CellIR]:
    return [lower(random_cell(random.Random(seed))) for seed in range(part, CELLS, PARTS)]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("dtype", "real"), [(SINGLE, "float"), (DOUBLE, "double")], ids=["single", "double"])
def test_random_cells_equal_the_reference(part: int, dtype: torch.dtype, real: str) -> None:
    cells = drawn(part)
    with compiled_together(cells, real):
        for seed, ir in enumerate(cells):
            inputs = 5 if ir.reads_bare_input and seed % 2 else 3
            assert_equals_reference(subject(ir, (5, 3, inputs, 5), seed), dtype)


def test_the_random_cells_hold_everything_that_cells_can_hold() -> None:
    cells = [ir for part in range(PARTS) for ir in drawn(part)]
    pointwise = [each for ir in cells for each in ir.body if isinstance(each, Pointwise)]
    assert {each.op for each in pointwise} >= set(FUNCTIONS)
    previous = [{state.previous for state in ir.states} for ir in cells]
    made = [{each.name for each in ir.body} for ir in cells]
    nexts = [[state.next for state in ir.states] for ir in cells]
    assert any(isinstance(end, float) for ends in nexts for end in ends)
    assert any(set(ends) & past for ends, past in zip(nexts, previous, strict=True))
    assert any("x" in ends for ends in nexts)
    assert any(len(set(ends)) < len(ends) for ends in nexts)
    assert any(ir.output in past for ir, past in zip(cells, previous, strict=True))
    assert any(ir.output in names and ir.output not in ends for ir, names, ends in zip(cells, made, nexts, strict=True))
    assert any(not each.matrices and not each.vectors for ir in cells for each in ir.affines)
    assert any(not each.matrices and each.vectors for ir in cells for each in ir.affines)
    assert any(
        set(each.vectors) - past - {"x"} for ir, past in zip(cells, previous, strict=True) for each in ir.affines
    )
    assert any(len(each.matrices) > len(set(each.matrices)) for ir in cells for each in ir.affines)
