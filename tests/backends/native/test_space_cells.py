"""Cells drawn from every shipped space run as on the reference: three hundred draws of each, in both types."""

from __future__ import annotations

import random

import pytest
import torch

from archsearch import registry
from archsearch.ir import CellIR, lower
from archsearch.ir.identity import arch_id
from archsearch.space import RandomChooser, load_space
from tests.backends.native.comparing import DOUBLE, SINGLE, assert_equals_reference, subject
from tests.backends.native.together import compiled_together

SPACES = registry.shipped_names("spaces")
DRAWS = 300
PARTS = 4
"""So that several workers share the draws of a space."""

USED = 3
"""Cells of each part that are also compiled one by one, as in use."""


def drawn(space: str, part: int) -> list[CellIR]:
    """A share of the different cells among the draws; those that differ in initial values alone are not different."""
    found = load_space(space)
    cells = (lower(found.fill(RandomChooser(random.Random(seed))).cell) for seed in range(DRAWS))
    return list({arch_id(ir): ir for ir in cells}.values())[part::PARTS]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize(("dtype", "real"), [(SINGLE, "float"), (DOUBLE, "double")], ids=["single", "double"])
def test_drawn_cells_equal_the_reference(dtype: torch.dtype, real: str, space: str, part: int) -> None:
    cells = drawn(space, part)
    with compiled_together(cells, real) as different:
        assert different > 10
        for seed, ir in enumerate(cells):
            assert_equals_reference(subject(ir, (4, 3, 2, 3), seed), dtype)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("space", SPACES)
def test_some_drawn_cells_as_they_are_compiled_in_use(space: str, part: int) -> None:
    for seed, ir in enumerate(drawn(space, part)[:USED]):
        assert_equals_reference(subject(ir, (7, 5, 3, 17), seed), SINGLE)
