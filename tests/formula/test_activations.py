"""Every activation against torch's function of that name: values, gradients, ties, extremes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from archsearch.backends.reference.interpreter import OPERATIONS
from archsearch.formula import (
    ACTIVATIONS,
    FUNCTIONS,
    PRIMITIVES,
    Call,
    Formula,
    Name,
    Number,
    activation,
    meaning,
    names_in,
)
from tests.backends.torch_table import UNARY
from tests.formula.evaluation import value

TIES = (-3.0, -1.0, 0.0, 1.0, 3.0)  # where some of them have a kink
POINTS = (-9.0, -2.7, -0.3, 1e-9, 0.4, 1.6, 2.9, 9.0, *TIES)


def applied(formula: Formula, a: Tensor) -> Tensor | float:
    """The formula by the reference backend's operations."""
    match formula:
        case Number(value=number):
            return number
        case Name():
            return a
        case Call(function=function, operands=operands):
            result: Tensor = OPERATIONS[function](*(applied(operand, a) for operand in operands))
            return result


def value_and_slope(function: Callable[[Tensor], Tensor | float], point: float) -> tuple[float, float]:
    a = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    y = function(a)
    assert isinstance(y, Tensor)
    (slope,) = torch.autograd.grad(y, a)
    return y.item(), slope.item()


def test_every_activation_is_compared_here() -> None:
    assert set(ACTIVATIONS) <= set(UNARY)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_a_formula_over_a_alone(name: str) -> None:
    formula = activation(name)
    assert names_in(formula) == ["a"]
    assert functions(formula) <= set(PRIMITIVES)


def functions(formula: Formula) -> set[str]:
    if not isinstance(formula, Call):
        return set()
    return {formula.function}.union(*map(functions, formula.operands))


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("point", POINTS)
def test_values_and_gradients_equal_torch_also_at_the_kinks(name: str, point: float) -> None:
    formula = activation(name)
    found = value_and_slope(lambda a: applied(formula, a) if formula != Name("a") else a * 1, point)
    # absolute: close to 0 sums such as 2 * sigmoid(a) - 1 lose digits in torch's spelling as well
    assert found == pytest.approx(value_and_slope(UNARY[name], point), rel=1e-12, abs=1e-15)
    assert value(ACTIVATIONS[name], {"a": point}) == pytest.approx(found[0], rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "exp"])
@pytest.mark.parametrize("point", [-800.0, 800.0])
def test_far_out_values_and_gradients_stay_finite(name: str, point: float) -> None:
    formula = activation(name)
    y, slope = value_and_slope(lambda a: applied(formula, a) if formula != Name("a") else a * 1, point)
    assert math.isfinite(y)
    assert math.isfinite(slope)


def test_relu_is_flat_at_zero() -> None:
    assert value_and_slope(lambda a: applied(activation("relu"), a), 0.0) == (0.0, 0.0)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("point", [point for point in POINTS if point > -9])
def test_what_people_read_means_the_same(name: str, point: float) -> None:
    formula = meaning(name)
    assert functions(formula) <= set(FUNCTIONS)
    at_point = applied(formula, torch.tensor(point, dtype=torch.float64))
    assert float(at_point) == pytest.approx(value(ACTIVATIONS[name], {"a": point}), rel=1e-12, abs=1e-15)
