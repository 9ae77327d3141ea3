"""Each law of the IR, broken once."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from archsearch import registry
from archsearch.ir import Affine, BrokenIR, CellIR, Pointwise, State, check, drop_dead, lower
from archsearch.space import load_cell

SOUND = CellIR(
    "sound",
    ("x",),
    (State("h", 0.0, "h"),),
    (Affine("h~", ("x", "h_prev"), (), 0.0), Pointwise("h", "tanh", ("h~",))),
    "h",
)


def body(*instructions: Affine | Pointwise) -> dict[str, Any]:
    return {"body": (*SOUND.body, *instructions)}


def test_a_sound_cell_passes() -> None:
    check(SOUND)
    for name in registry.shipped_names("spaces/cells"):
        check(lower(load_cell(name)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"states": (*SOUND.states, State("h", 1.0, "h"))}, "share a name"),
        ({"inputs": ("h_prev",)}, "share a name"),
        ({"body": SOUND.body[::-1]}, "h~ is read before it is assigned"),
        ({"body": SOUND.body[1:]}, "h~ is read before it is assigned"),
        (body(Pointwise("h", "neg", ("x",))), "assigned twice"),
        (body(Pointwise("x", "neg", ("h",))), "assigned twice"),
        (body(Affine("a", ("nowhere",), (), None)), "nowhere is read before it is assigned"),
        (body(Affine("a", (), ("nowhere",), None)), "nowhere is read before it is assigned"),
        (body(Affine("a", (), (), None)), "an affine of nothing"),
        (body(Affine("a", ("x",), (), math.nan)), "bias is not finite"),
        (body(Affine("a", ("x",), (), math.inf)), "bias is not finite"),
        (body(Pointwise("a", "cosh", ("x",))), "no such primitive"),
        (body(Pointwise("a", "add", ("x",))), "wrong number of operands"),
        (body(Pointwise("a", "tanh", ("x", "h"))), "wrong number of operands"),
        (body(Pointwise("a", "add", (1.0, 2.0))), "only constants"),
        (body(Pointwise("a", "add", ("x", math.inf))), "a constant is not finite"),
        ({"states": (State("h", math.nan, "h"),)}, "starts at NaN"),
        ({"states": (State("h", 0.0, "nowhere"),)}, "nowhere is an end but has no value"),
        ({"states": (State("h", 0.0, math.inf),)}, "inf is an end but has no value"),
        ({"output": "nowhere"}, "nowhere is an end but has no value"),
        ({"output": math.nan}, "nan is an end but has no value"),
    ],
)
def test_a_broken_law_is_noticed(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BrokenIR, match=message):
        check(dataclasses.replace(SOUND, **change))


def test_dropping_dead_code_leaves_a_live_cell_alone() -> None:
    assert drop_dead(SOUND) == SOUND


def test_dropping_dead_code_keeps_the_order_of_the_rest() -> None:
    dead = Pointwise("dead", "neg", ("x",))
    mixed = dataclasses.replace(SOUND, body=(dead, SOUND.body[0], Affine("deader", ("dead",), (), None), SOUND.body[1]))
    assert drop_dead(mixed) == SOUND
