"""Every primitive's derivative against finite differences and autograd, and its laws."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from archsearch.backends.reference.interpreter import OPERATIONS
from archsearch.formula import FUNCTIONS, PRIMITIVES, Primitive
from tests.formula.evaluation import value

POINTS = (-2.3, -0.7, 0.4, 1.9, 3.1)
STEP = 1e-6
ALL = list(PRIMITIVES.values())


def operands(primitive: Primitive) -> list[tuple[float, ...]]:
    """Operands inside the primitive's domain and away from its kinks."""
    lowest = {"log": 0, "log1p": -1}.get(primitive.name, -math.inf)
    points = [point for point in POINTS if point > lowest]
    return [args for args in itertools.product(points, repeat=primitive.arity) if len(set(args)) == len(args)]


def derivatives(primitive: Primitive, args: tuple[float, ...]) -> list[float]:
    """What the table's formulas say, at `args`."""
    names = dict(zip("abcd", args, strict=False)) | {"y": primitive.value(*args)}
    return [value(text, names) for text in primitive.derivatives]


def autograd(primitive: Primitive, args: tuple[float, ...]) -> list[float]:
    """What autograd finds through the reference backend's operation, at `args`."""
    tensors = [torch.tensor(arg, dtype=torch.float64, requires_grad=True) for arg in args]
    result = OPERATIONS[primitive.name](*tensors)
    if not result.requires_grad:
        return [0.0] * len(args)
    return [slope.item() for slope in torch.autograd.grad(result, tensors, materialize_grads=True)]


def nudged(args: tuple[float, ...], which: int, step: float) -> tuple[float, ...]:
    return tuple(arg + step if index == which else arg for index, arg in enumerate(args))


def test_the_table_is_closed_and_the_reference_backend_has_all_of_it() -> None:
    expected = "add sub mul div max min neg exp log tanh sigmoid sin gt"
    assert list(FUNCTIONS) == expected.split()
    assert list(PRIMITIVES) == [*FUNCTIONS, "log1p", "cos", "where_le"]
    assert set(OPERATIONS) == set(PRIMITIVES)


@pytest.mark.parametrize("primitive", ALL, ids=lambda primitive: primitive.name)
def test_derivatives_equal_finite_differences(primitive: Primitive) -> None:
    assert len(primitive.derivatives) == primitive.arity
    for args in operands(primitive):
        for which, found in enumerate(derivatives(primitive, args)):
            above, below = (primitive.value(*nudged(args, which, step)) for step in (STEP, -STEP))
            assert found == pytest.approx((above - below) / (2 * STEP), rel=1e-7, abs=1e-8), (args, which)


@pytest.mark.parametrize("primitive", ALL, ids=lambda primitive: primitive.name)
def test_derivatives_equal_autograd(primitive: Primitive) -> None:
    for args in operands(primitive):
        assert derivatives(primitive, args) == pytest.approx(autograd(primitive, args), rel=1e-13), args


@pytest.mark.parametrize("primitive", ALL, ids=lambda primitive: primitive.name)
def test_values_equal_the_reference_backend(primitive: Primitive) -> None:
    for args in operands(primitive):
        tensors = [torch.tensor(arg, dtype=torch.float64) for arg in args]
        assert primitive.value(*args) == pytest.approx(OPERATIONS[primitive.name](*tensors).item(), rel=1e-14)


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("point", [-1.5, 0.0, 2.0])
def test_at_a_tie_the_derivative_is_half_to_each_operand(name: str, point: float) -> None:
    primitive, args = PRIMITIVES[name], (point, point)
    assert derivatives(primitive, args) == autograd(primitive, args) == [0.5, 0.5]


@pytest.mark.parametrize(
    ("args", "value", "slopes"),
    [
        ((1.0, 2.0, 3.0, 4.0), 3.0, [0.0, 0.0, 1.0, 0.0]),
        ((2.0, 2.0, 3.0, 4.0), 3.0, [0.0, 0.0, 1.0, 0.0]),
        ((2.0, 1.0, 3.0, 4.0), 4.0, [0.0, 0.0, 0.0, 1.0]),
        ((math.nan, 1.0, 3.0, 4.0), 4.0, [0.0, 0.0, 0.0, 1.0]),
    ],
)
def test_where_le_selects_a_value_and_a_derivative(args: tuple[float, ...], value: float, slopes: list[float]) -> None:
    where_le = PRIMITIVES["where_le"]
    assert where_le.value(*args) == value
    assert derivatives(where_le, args) == autograd(where_le, args) == slopes


def test_greater_than_is_strict_and_flat() -> None:
    gt = PRIMITIVES["gt"]
    assert [gt.value(1.0, 0.0), gt.value(0.0, 0.0), gt.value(0.0, 1.0)] == [1.0, 0.0, 0.0]
    assert derivatives(gt, (0.0, 0.0)) == [0.0, 0.0]


@pytest.mark.parametrize("primitive", ALL, ids=lambda primitive: primitive.name)
def test_the_laws_that_identity_uses_are_true(primitive: Primitive) -> None:
    pairs = operands(primitive)
    if primitive.arity == 2:
        swaps = all(primitive.value(a, b) == primitive.value(b, a) for a, b in pairs)
        assert primitive.commutes == swaps
    if primitive.unit is not None:
        assert all(primitive.value(primitive.unit, point) == point for point in POINTS)
        for a, b, c in itertools.product((0.5, 2.0, -4.0), repeat=3):  # exact in binary
            left, right = primitive.value(primitive.value(a, b), c), primitive.value(a, primitive.value(b, c))
            assert left == right


@pytest.mark.parametrize("point", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
def test_sigmoid_of_numbers_does_not_overflow(point: float) -> None:
    expected = torch.sigmoid(torch.tensor(point, dtype=torch.float64)).item()
    assert math.isclose(PRIMITIVES["sigmoid"].value(point), expected, rel_tol=1e-14)
