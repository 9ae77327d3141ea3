"""Sizes that fill no vector, no block of rows and no chunk: every edge of the kernels."""

from __future__ import annotations

import pytest
import torch

from archsearch import registry
from archsearch.backends.native.backward_layout import DEPTH
from archsearch.backends.native.layout import CHUNK
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, Sizes, assert_equals_reference, subject

CELLS = registry.shipped_names("spaces/cells")
TYPES = pytest.mark.parametrize("dtype", [SINGLE, DOUBLE], ids=["single", "double"])


@TYPES
@pytest.mark.parametrize("name", CELLS)
def test_every_shipped_cell_equals_the_reference(name: str, dtype: torch.dtype) -> None:
    for sizes in ((6, 5, 9, 17), (2, 1, 4, 4)):
        assert_equals_reference(subject(load_cell(name), sizes), dtype)


SIZES: list[Sizes] = [  # time, batch, input, hidden
    (1, 1, 1, 1),
    (2, 2, 9, 3),
    (2, 1, 1, 33),
    (1, 5, 9, 17),
    (3, 7, 1, 100),
    (2, CHUNK, 9, 3),
    (2, CHUNK + 1, 1, 17),
    (2, 200, 9, 33),
    (3, DEPTH + 2, 3, 1),
    (60, 5, 2, 3),  # two full blocks of adjoints and a part of one
    (5, 64, 2, 3),  # blocks of two steps
    (2 * DEPTH + 1, 1, 1, 2),
]


@TYPES
@pytest.mark.parametrize("sizes", SIZES, ids=["-".join(map(str, sizes)) for sizes in SIZES])
def test_any_size_equals_the_reference(sizes: Sizes, dtype: torch.dtype) -> None:
    for name in ("peephole_lstm", "gru_reset_before", "mut1"):
        assert_equals_reference(subject(load_cell(name), sizes, seed=sum(sizes)), dtype)


def test_long_sequences_stay_close_in_single_precision() -> None:
    for name in ("lstm", "gru"):
        assert_equals_reference(subject(load_cell(name), (300, 2, 3, 16)), SINGLE)
