"""The projection of a bare input of another size, as an instruction."""

from __future__ import annotations

import pytest

from archsearch import registry
from archsearch.ir import lower, parse_ir
from archsearch.ir.cost import parameter_shapes
from archsearch.ir.identity import arch_id
from archsearch.ir.projection import needs_projection, projected
from archsearch.space import load_cell
from tests.ir.cells import cell, gate

CELLS = registry.shipped_names("spaces/cells")


@pytest.mark.parametrize("name", CELLS)
def test_cells_stay_as_they_are_unless_they_need_it(name: str) -> None:
    ir = lower(load_cell(name))
    assert projected(ir, 5, 5) is ir
    found = projected(ir, 3, 5)
    assert (found is ir) != needs_projection(ir, 3, 5)
    assert not needs_projection(found, 3, 5)
    assert projected(found, 3, 5) is found


def test_every_bare_read_is_redirected_and_no_matrix_is() -> None:
    ir = lower(cell({"a": gate("x", "s_prev", diagonal=["x"]), "s": "x", "h": "a * x"}, ("h", "s")))
    assert str(projected(ir, 3, 5)) == (
        "cell test(x; s=0)\n"
        "  x~ = affine W[x]\n"
        "  a = affine W[x] + W[s_prev] + d[x~] + b(0)\n"
        "  h = mul a, x~\n"
        "  -> s=x~; output=h\n"
    )


def test_its_parameter_is_the_first_one() -> None:
    ir = lower(load_cell("mut1"))
    names = list(parameter_shapes(ir, 3, 5).items())
    assert names[0] == ("x.linear.0", (5, 3))
    assert "x.linear.0" not in parameter_shapes(ir, 5, 5)


def test_its_text_can_be_read_back_and_is_another_architecture() -> None:
    ir = lower(load_cell("mut1"))
    found = projected(ir, 3, 5)
    assert parse_ir(str(found)) == found
    assert arch_id(found) != arch_id(ir)
