"""Laws: every function of the language is torch's, value and derivative, wherever a number can be."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from archsearch.backends import build
from archsearch.backends.native import compiler
from archsearch.backends.native.compiler import Form
from archsearch.formula import ACTIVATIONS, FUNCTIONS
from archsearch.ir import CellIR, lower
from tests.backends.native.forms import each_form
from tests.backends.native.together import compiled_together
from tests.backends.torch_table import BINARY, UNARY
from tests.ir.cells import cell

SINGLE, DOUBLE = torch.float32, torch.float64
WIDTH = 8
OPTIMISE = "-O1"  # as far as products and sums become one operation
Function = Callable[..., Tensor]

CELLS: dict[str, CellIR] = {name: lower(cell({"h": f"{name}(x)"})) for name in UNARY}
CELLS |= {name: lower(cell({"h": f"{name}(x, h_prev)"})) for name in BINARY}

SUBTRACTING = {
    *((name, "derivative") for name in ("tanh", "sigmoid", "silu", "softsign")),
    *((name, what) for name in ("sigmoid_to_1", "sigmoid_to_2") for what in ("value", "derivative")),
}
"""What subtracts nearly equal numbers, in torch too: as exact as these are, which are rounded at about 1."""


def test_the_table_of_this_test_is_complete() -> None:
    assert CELLS.keys() == {*FUNCTIONS, *ACTIVATIONS}


def points(dtype: torch.dtype) -> Tensor:
    """Zeros, kinks, infinities, NaN, powers of ten up to the ends of float64, 10,000 of mixed size, many near 0."""
    generator = np.random.default_rng(11)
    low, high = (-320, 308) if dtype == DOUBLE else (-45, 38)
    mixed = 10 ** generator.uniform(low, high, 10_000) * generator.choice([-1, 1], 10_000)
    powers = 10.0 ** np.arange(-320, 309)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, *(sign * kink for kink in (0.5, 1, 3, 6, 20) for sign in (1, -1))]
    near = [generator.uniform(-40, 40, 4_000), np.linspace(-30, 30, 1_001), np.linspace(-800, 800, 1_601)]
    return whole(torch.tensor(np.concatenate([mixed, powers, -powers, special, *near])).to(dtype))


def whole(values: Tensor) -> Tensor:
    """`values`, filled up to whole rows."""
    return torch.cat([values, values.new_ones(-values.numel() % WIDTH)])


def operands(name: str, dtype: torch.dtype) -> list[Tensor]:
    """Operands of a function: for two of them every pair of special values, equal ones, and a shuffle."""
    a = points(dtype)
    if name in UNARY:
        return [a]
    few = torch.cat([a[10_000:10_658:9], a[10_658:10_680]])
    one, other = (grid.flatten() for grid in torch.meshgrid(few, few, indexing="ij"))
    shuffled = a[torch.randperm(a.numel(), generator=torch.Generator().manual_seed(3))]
    return [whole(torch.cat([a, a, one])), whole(torch.cat([shuffled, a, other]))]


def value_and_derivatives(function: Function, given: list[Tensor]) -> list[Tensor]:
    """What a function gives, and the derivative for each operand."""
    given = [each.clone().requires_grad_() for each in given]
    y = function(*given)
    if not y.requires_grad:
        return [y, *map(torch.zeros_like, given)]
    return [y.detach(), *torch.autograd.grad(y.sum(), given, allow_unused=True, materialize_grads=True)]


def layer(ir: CellIR, backend: str, dtype: torch.dtype) -> Function:
    """The cell as a function of x, or of x and h_prev."""
    built = build(ir, WIDTH, WIDTH, backend, dtype=dtype)

    def function(x: Tensor, h: Tensor | None = None) -> Tensor:
        states = {"h": h.view(-1, WIDTH)} if h is not None and ir.states else {}
        y: Tensor = built(x.view(1, -1, WIDTH), states)[0]
        return y.reshape(-1)

    return function


def misses(found: Tensor, true: Tensor, relative: float, absolute: float) -> Tensor:
    """Where `found` is not the true value: NaN and infinities are the same, numbers are within the tolerance."""
    allowed = torch.clamp(relative * true.abs(), min=absolute)
    near = (found - true).abs() <= allowed
    return ~(near | (found == true) | (found.isnan() & true.isnan()))


def assert_is_torchs(name: str, backend: str, dtype: torch.dtype) -> None:
    """Raise AssertionError unless value and derivatives are those of torch's function in float64."""
    given = operands(name, dtype)
    found = value_and_derivatives(layer(CELLS[name], backend, dtype), given)
    true = value_and_derivatives((UNARY | BINARY)[name], [each.double() for each in given])
    for index, (raw, exact) in enumerate(zip(found, true, strict=True)):
        here, there = raw.double(), exact.to(dtype).double()
        what = "derivative" if index else "value"
        rounded, info = (name, what) in SUBTRACTING, torch.finfo(dtype)
        if dtype == DOUBLE:
            bad = misses(here, there, 1e-12, 2.3e-308)
            if rounded and bad.double().mean() < 1e-3:  # a value close to 1 whose last digit is another than torch's
                bad = misses(here, there, 1e-12, 4 * info.eps)
        else:  # 64 * tiny: of a product with what is smaller than any normal number
            bad = misses(here, there, 16 * info.eps, 8 * info.eps if rounded else 64 * info.tiny)
        examples = [(*(each[k].item() for each in given), here[k].item(), there[k].item()) for k in bad.nonzero()[:4]]
        assert not examples, f"{what} {index} of {name}: operands, found and true are {examples}"


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE], ids=["single", "double"])
@pytest.mark.parametrize("name", CELLS)
def test_functions_of_the_reference_are_torchs(name: str, dtype: torch.dtype) -> None:
    assert_is_torchs(name, "reference", dtype)


@each_form
@pytest.mark.parametrize(("dtype", "real"), [(SINGLE, "float"), (DOUBLE, "double")], ids=["single", "double"])
def test_compiled_functions_are_torchs(
    dtype: torch.dtype, real: str, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "machine_form", lambda: form)
    with compiled_together(CELLS.values(), real, OPTIMISE):
        for name in CELLS:
            assert_is_torchs(name, "native", dtype)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("relu", lambda a: torch.where(a > 0, a, 0)),
        ("max", lambda a, b: torch.where(a > b, a, b)),
        ("sin", lambda a: torch.cos(a - np.pi / 2)),
        ("sigmoid", lambda a: torch.sigmoid(a.clamp(min=-708))),
        ("softplus", lambda a: torch.log(1 + torch.exp(a))),
        ("hard_sigmoid", lambda a: torch.clamp(a / 6 + 0.5, 0, 1)),
    ],
)
def test_a_slip_is_noticed(name: str, wrong: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UNARY if name in UNARY else BINARY, name, wrong)
    with pytest.raises(AssertionError, match=f" of {name}: "):
        assert_is_torchs(name, "reference", DOUBLE)


class Composition:
    """Three functions, one inside the other; further operands are x, h_prev or a number."""

    def __init__(self, generator: random.Random) -> None:
        self.text, self.steps = "x", list[tuple[str, str]]()
        for name in generator.choices(list(CELLS), k=3):
            other = generator.choice(["x", "h_prev", "0.5", "-1.0", "0.0"])
            self.steps.append((name, other))
            self.text = f"{name}({self.text})" if name in UNARY else f"{name}({self.text}, {other})"
        self.ir = lower(cell({"h": self.text}))

    def in_torch(self, x: Tensor, h: Tensor, passed: Function = lambda value: value) -> Tensor:
        """The composition; `passed` sees each value on its way from one function to the next.

        A `Nudge` sees those inside softsign and silu as well. Far out, the derivative of softsign is what rounding
        leaves of a difference; that of silu overflows where its adjoint times its operand does.
        """
        own: dict[str, Function] = {
            "softsign": lambda a: passed(a) / passed(1 + passed(a).abs()),
            "silu": lambda a: passed(a) * torch.sigmoid(passed(a)),
        }
        unary: dict[str, Function] = {**UNARY, **own} if isinstance(passed, Nudge) else UNARY
        y = passed(x)
        for name, other in self.steps:
            second = passed({"x": x, "h_prev": h}[other] if other in ("x", "h_prev") else x.new_tensor(float(other)))
            y = passed(unary[name](y) if name in unary else BINARY[name](y, second))
        return y


class Nudge:
    """Moves values, and adjoints on their way back, in their last digit."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, value: Tensor) -> Tensor:
        moved = self._moved(value)
        if moved.requires_grad:
            moved.register_hook(self._moved)  # type: ignore[no-untyped-call]
        return moved

    def _moved(self, value: Tensor) -> Tensor:
        units = 16 * torch.rand(value.shape, generator=self.generator, dtype=DOUBLE) - 8
        return value * (1 + units * torch.finfo(DOUBLE).eps)


def compositions() -> Iterator[Composition]:
    generator = random.Random(5)
    return (Composition(generator) for _ in range(150))


def assert_gradients_are_torchs(of: Composition, backend: str) -> None:
    """Raise AssertionError unless gradients are torch's wherever these are finite.

    How exact they can be is found out by moving each value on the way in its last digit.
    """
    a = points(DOUBLE)
    given = [whole(a[::7]), whole(a.flip(0)[::7])]
    true = value_and_derivatives(of.in_torch, given)[1:]
    moved = [value_and_derivatives(functools.partial(of.in_torch, passed=Nudge(k)), given)[1:] for k in range(4)]
    found = value_and_derivatives(layer(of.ir, backend, DOUBLE), given)[1:]
    for index, (here, there) in enumerate(zip(found, true, strict=True)):
        spread = torch.stack([(other[index] - there).abs() for other in moved]).amax(0)
        allowed = 1e-12 * there.abs() + 2.3e-308 + 16 * spread
        compared = there.isfinite() & allowed.isfinite()
        bad = compared & ~((here - there).abs() <= allowed)
        examples = [(*(each[k].item() for each in given), here[k].item(), there[k].item()) for k in bad.nonzero()[:4]]
        assert not examples, f"d{'xh'[index]} of {of.text}: x, h, found and true are {examples}"


def test_gradients_of_compositions_are_torchs_wherever_these_are_finite() -> None:
    with compiled_together((each.ir for each in compositions()), "double"):
        for backend in ("reference", "native"):
            for each in compositions():
                assert_gradients_are_torchs(each, backend)


def test_the_gradient_of_a_closed_branch_is_left_out_whatever_it_is() -> None:
    of = lower(cell({"a": {"linear": ["x"], "bias": "none", "activation": "relu"}, "h": "min(1 / a, 3)"}))
    for backend in ("reference", "native"):
        built = build(of, 1, 1, backend, dtype=DOUBLE)
        built.load_state_dict({"a.linear.0": torch.ones(1, 1)})
        x = torch.tensor([-1, 0, 0.5, 2], dtype=DOUBLE).view(1, 4, 1).requires_grad_()
        (slope,) = torch.autograd.grad(built(x)[0].sum(), x)
        assert slope.flatten().tolist() == [0, 0, -4, -0.25]


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_functions_give_what_was_not_given_once(backend: str) -> None:
    """The inputs of faults: nan turned into a number, and sigmoid and silu stayed above what they tend to."""
    inf, nan = math.inf, math.nan
    faults: dict[str, dict[float, float]] = {
        "relu(x)": {nan: nan},
        "hard_tanh(x)": {nan: nan},
        "hard_sigmoid(x)": {nan: nan},
        "max(x, 0)": {nan: nan},
        "max(0, x)": {nan: nan},
        "min(x, 0)": {nan: nan},
        "min(0, x)": {nan: nan},
        "sigmoid(x)": {-1000: 0, -inf: 0, 1000: 1},
        "silu(x)": {-1e300: 0, 1e300: 1e300},
    }
    cells = {text: lower(cell({"h": text})) for text in faults}
    with compiled_together(cells.values(), "double"):
        for text, values in faults.items():
            x = torch.tensor(list(values), dtype=DOUBLE).view(1, -1, 1)
            found = build(cells[text], 1, 1, backend, dtype=DOUBLE)(x)[0].flatten()
            assert np.array_equal(found, list(values.values()), equal_nan=True), text
