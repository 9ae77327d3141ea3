"""The comparers of this folder fail on kernels with one thing wrong."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from archsearch.backends.native import pointwise
from archsearch.backends.native.plan import Plan
from archsearch.formula import PRIMITIVES
from archsearch.ir import lower
from archsearch.ir.passes import reverse
from tests.backends.native.comparing import DOUBLE, SINGLE, Subject, assert_equals_reference, subject
from tests.backends.native.test_forms import EVERYTHING
from tests.backends.native.together import compiled_together

WRONG: dict[str, str] = {
    "add": "{} - {}",
    "sub": "{} + {}",
    "mul": "{} * {} * all(1 + 0x1p-20)",
    "div": "{1} / {0}",
    "max": "v_min({}, {})",
    "min": "v_max({}, {})",
    "neg": "{}",
    "exp": "v_exp(-{})",
    "log": "v_log({}) + all(0x1p-20)",
    "tanh": "-v_tanh({})",
    "sigmoid": "v_sigmoid(-{})",
    "sin": "v_sin({}) * all(1 - 0x1p-20)",
    "gt": "v_gt({1}, {0})",
    "log1p": "v_log1p({}) + all(0x1p-20)",
    "cos": "-v_cos({})",
    "where_le": "v_where_le({1}, {0}, {2}, {3})",
}

STEEPER = {name: ("2", *one.derivatives[1:]) for name, one in PRIMITIVES.items() if name not in ("gt", "cos")}
STEEPER |= {
    "mul": ("b", "-a"),
    "div": ("1 / b", "y / b"),
    "max": ("gt(b, a)", "1 - gt(a, b)"),
    "where_le": ("0", "0", "where_le(a, b, 0, 1)", "where_le(a, b, 1, 0)"),
    "neg": ("1",),
    "tanh": ("1 + y * y",),
    "sigmoid": ("y * (1 + y)",),
    "exp": ("a",),
    "sub": ("1", "1"),
}
"""Derivatives with one thing wrong."""


@pytest.fixture
def everything() -> Subject:
    return subject(lower(EVERYTHING), (4, 3, 5, 5))


def compare(of: Subject, dtype: torch.dtype = DOUBLE) -> None:
    with compiled_together([of.ir], "double" if dtype == DOUBLE else "float", "-O0"):
        assert_equals_reference(of, dtype)


def test_the_subject_is_right_when_nothing_is_wrong(everything: Subject) -> None:
    compare(everything)
    compare(everything, SINGLE)
    plan = Plan(everything.ir)
    body = [*plan.program.pointwise, *(each for segment in plan.backwards for each in segment.body)]
    assert {each.op for each in body} == PRIMITIVES.keys() == WRONG.keys()


@pytest.mark.parametrize("op", WRONG)
def test_a_wrong_operation_is_caught(op: str, everything: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pointwise.EXPRESSIONS, op, WRONG[op])
    with pytest.raises(AssertionError, match=r"y: |state|gradient"):
        compare(everything)


@pytest.mark.parametrize("op", ["add", "mul", "tanh", "gt"])
def test_a_wrong_operation_is_caught_in_single_precision(
    op: str, everything: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pointwise.EXPRESSIONS, op, WRONG[op].replace("0x1p-20", "0x1p-10"))
    with pytest.raises(AssertionError, match="off by"):
        compare(everything, SINGLE)


@pytest.mark.parametrize("op", STEEPER)
def test_a_wrong_derivative_is_caught(op: str, everything: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(PRIMITIVES[op], derivatives=STEEPER[op])
    monkeypatch.setattr(reverse, "PRIMITIVES", {**PRIMITIVES, op: wrong})
    with pytest.raises(AssertionError, match="gradient of"):
        compare(everything)
