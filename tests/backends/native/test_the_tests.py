"""The comparers of this folder fail on kernels with one thing wrong."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from archsearch.backends.native import kernels, pointwise, step
from archsearch.backends.native.compiler import SOURCES, load_library
from archsearch.backends.native.plan import Plan
from archsearch.formula import PRIMITIVES
from archsearch.ir import lower
from archsearch.ir.passes import reverse
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, Subject, assert_equals_reference, subject
from tests.backends.native.stepping import LARGEST_NORM, Case, assert_trains_as_torch
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


BROKEN_STEPS = {
    "a flipped sign": ("p[k] -= step * mean[k]", "p[k] += step * mean[k]"),
    "no bias correction": ("m->rate / (1 - m->power[0])", "m->rate"),
    "a clip by the square of the norm": ("__builtin_sqrt((double)total)", "(double)total"),
    "a clip that lengthens": ("if (factor >= 1) return;", ""),
    "no gradient of the bias": ("m->d_bias[o] = total[o - k];", ";"),
    "a residual that the way back leaves out": ("if (m->sum && n)\n", "if (0)\n"),
    "a loss over one row too many": ("return loss / n;", "return loss / (n + 1);"),
    "adjoints of the batch before": ("memset(d_top, 0,", "memset(d_top, 0, 0 *"),
}
"""Changes to the text of `step.c`."""

CLIPPED = Case(clip=LARGEST_NORM, readout="every", connection="residual")


def test_the_step_that_is_used_trains_as_torch() -> None:
    assert_trains_as_torch(lower(load_cell("rnn")), CLIPPED)


@pytest.mark.parametrize("change", BROKEN_STEPS)
def test_a_wrong_step_is_caught(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in kernels.SHARED)
    old, new = BROKEN_STEPS[change]
    assert text.count(old) == 1, f"the source no longer says {old!r} (once): adapt this test"
    library = load_library(text.replace(old, new), "double", "-O1")
    monkeypatch.setattr(step, "shared_library", lambda real, form: library)
    with pytest.raises(AssertionError):
        assert_trains_as_torch(lower(load_cell("rnn")), CLIPPED)
