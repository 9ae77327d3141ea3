"""Random wirings: each is a cell, and computes what its fields say."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import given
from torch import Tensor

from archsearch import build
from archsearch.ir import lower, parse_ir
from archsearch.ir.wiring import WiringReader, expand
from archsearch.schema.wiring import WiringBody
from tests.contract.comparison import normal
from tests.property.choosing import examples
from tests.property.plain_wiring import PlainWiring
from tests.property.strategies import wirings

TIME, BATCH, INPUTS, HIDDEN = 5, 2, 3, 4


def plain_outputs(fields: dict[str, Any], parameters: dict[str, Tensor], x: Tensor, state: dict[str, Tensor]) -> Tensor:
    """Outputs [time, batch, hidden] by the wiring's meaning alone."""
    plain = PlainWiring(fields, parameters)
    zero = torch.zeros(BATCH, HIDDEN, dtype=torch.float64)
    merged = plain.merged or (fields["gates"]["output"] == "open" and fields["squash"] == "identity")
    old = {"h": zero, **state}
    memory = old["h"] if merged else state.get("c", zero)
    outputs = []
    for x_t in x:
        h, new, gates = plain.step(x_t, old, memory)
        old, memory = {"h": h, **gates}, h if merged else new
        outputs.append(h)
    return torch.stack(outputs)


def assert_computes_what_it_says(fields: dict[str, Any]) -> None:
    """Raise AssertionError unless the built wiring and its plain meaning agree."""
    ir = lower(expand(WiringReader(WiringBody.model_validate(fields).model_dump()), "random"))
    assert parse_ir(str(ir)) == ir
    layer = build(ir, INPUTS, HIDDEN, seed=1, dtype=torch.float64)
    x = normal(TIME, BATCH, INPUTS, seed=2)
    state = {each.name: normal(BATCH, HIDDEN, seed=3 + index) for index, each in enumerate(ir.states)}
    y, _ = layer(x, state)
    expected = plain_outputs(fields, dict(layer.named_parameters()), x, state)
    torch.testing.assert_close(y, expected, rtol=1e-12, atol=1e-12)


@examples(250)
@given(wirings())
def test_a_wiring_computes_what_its_fields_say(fields: dict[str, Any]) -> None:
    assert_computes_what_it_says(fields)
