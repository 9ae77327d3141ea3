"""Every form of vector that this machine runs, not only the widest: the same cells, the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from archsearch.backends.native import compiler, kernels
from archsearch.backends.native.compiler import Form, machine_form
from archsearch.schema.cell import Cell
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, assert_equals_reference, subject
from tests.backends.native.forms import each_form, forms
from tests.backends.native.together import fresh_kernels
from tests.ir.cells import cell, gate, sigmoid

EVERYTHING = cell(
    {
        "a": gate("x", "h_prev", activation="tanh"),
        "b": sigmoid("x", "h_prev", diagonal=["a"]),
        "p": "(a + b) * (a - b) / (2 + a * b) + max(a, b) - min(a, h_prev)",
        "q": "-a * exp(b) + log(1 + b) + sin(a) * gt(a, x) + hard_tanh(p) + softplus(a)",
        "h": "tanh(p + q)",
    }
)
CELLS: dict[str, Cell] = {"peephole_lstm": load_cell("peephole_lstm"), "every primitive": EVERYTHING}


@pytest.fixture
def lanes(form: Form, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The form as if this were the machine's own; numbers of float32 per vector."""
    monkeypatch.setattr(compiler, "machine_form", lambda: form)
    with fresh_kernels():
        yield form.width // 4


@each_form
@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE], ids=["single", "double"])
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_equals_the_reference(name: str, dtype: torch.dtype, form: Form, lanes: int) -> None:
    of = CELLS[name]
    for sizes in ((5, 7, 3, 17), (2, 3, 1, 1), (3, 101, 4, lanes)):
        assert_equals_reference(subject(of, sizes), dtype)
    ir = str(subject(of, (1, 1, 1, 1)).ir)
    assert kernels.kernels(ir, "float").lanes == lanes


def test_the_machines_own_form_is_the_widest() -> None:
    assert machine_form().width == max(form.width for form in forms())
