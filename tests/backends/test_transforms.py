"""Layers under what torch does to functions: with both backends the right result, or one clear refusal."""

from __future__ import annotations

import contextlib
import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.checkpoint import checkpoint

from archsearch import build
from archsearch.backends._layer import CellLayer
from archsearch.errors import Refused
from archsearch.space import load_cell
from tests.contract.comparison import normal

functional: Any = torch.autograd.functional
forward_ad: Any = torch.autograd.forward_ad
jit: Any = torch.jit
"""Without types in torch."""

X = normal(3, 2, 3, seed=2)
DY = normal(3, 2, 4, seed=3)


class Output(nn.Module):
    """A layer among others: its output alone."""

    def __init__(self, layer: CellLayer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        """x: [time, batch, input]."""
        y: Tensor = self.layer(x)[0]
        return y


def output(backend: str) -> Output:
    return Output(build(load_cell("lstm"), 3, 4, backend, seed=1, dtype=torch.float64))


def slope(run: Callable[[Tensor], Tensor], power: int = 1, **options: Any) -> Tensor:
    x = X.clone().requires_grad_()
    return torch.autograd.grad(run(x).pow(power).sum(), x, **options)[0]


def total(of: Output) -> Callable[[Tensor], Tensor]:
    return lambda x: of(x).sum()


def tangent(of: Output) -> Tensor:
    with forward_ad.dual_level():
        found: Tensor = forward_ad.unpack_dual(of(forward_ad.make_dual(X, X)))[1]
        return found


def slope_of_parameters(of: Output) -> Tensor:
    def loss(parameters: dict[str, Tensor]) -> Tensor:
        found: Tensor = torch.func.functional_call(of, parameters, (X,)).sum()
        return found

    slopes: dict[str, Tensor] = torch.func.grad(loss)(dict(of.named_parameters()))
    return slopes["layer.i.bias"]


def slopes_at_once(of: Output) -> Tensor:
    x = X.clone().requires_grad_()
    return torch.autograd.grad(of(x).sum((0, 1)), x, torch.eye(4, dtype=torch.float64), is_grads_batched=True)[0]


def twice(of: Output) -> Tensor:
    x = X.clone().requires_grad_()
    (first,) = torch.autograd.grad(of(x).sum(), x, create_graph=True)
    return torch.autograd.grad(first.square().sum(), x)[0]


def within(context: Any, of: Output, x: Tensor = X) -> Tensor:
    with context:
        y: Tensor = of(x)
    return y


def in_two_threads(of: Output) -> Tensor:
    with ThreadPoolExecutor(2) as pool:
        return torch.stack(list(pool.map(lambda factor: slope(lambda x: of(factor * x)), range(1, 9))))


WORK: dict[str, Callable[[Output], Any]] = {
    "torch.func.functional_call": lambda of: torch.func.functional_call(
        of, {name: value / 2 for name, value in of.named_parameters()}, (X,)
    ),
    "autograd.functional.jacobian": lambda of: functional.jacobian(of, X),
    "autograd.functional.vjp": lambda of: functional.vjp(of, X, DY)[1],
    "checkpoint": lambda of: slope(lambda x: checkpoint(of, x, use_reentrant=False)),
    "compile": lambda of: slope(torch.compile(of, backend="eager")),
    "inference mode": lambda of: within(torch.inference_mode(), of),
    "no grad": lambda of: within(torch.no_grad(), of),
    "dual level without tangents": lambda of: within(forward_ad.dual_level(), of),
    "autocast of float64, which it leaves alone": lambda of: within(torch.autocast("cpu"), of),
    "deepcopy": lambda of: slope(copy.deepcopy(of)),
    "pickle": lambda of: slope(pickle.loads(pickle.dumps(of))),
    "two threads": in_two_threads,
    "input that is not contiguous": lambda of: of(X.transpose(0, 1).contiguous().transpose(0, 1)),
    "gradient that is not contiguous": lambda of: slope(lambda x: of(x).transpose(0, 2).square()),
}

TRACING = "runs under no tracing and no transform of torch.func"
NUMBERS = "takes tensors with numbers in memory, neither fake nor batched ones"
FIRST = "has first derivatives only"
FORWARD = "has no forward-mode derivatives"
REFUSED: dict[str, tuple[Callable[[Output], Any], str]] = {
    "jit.trace": (lambda of: jit.trace(of, (X,))(2 * X), TRACING),
    "export": (lambda of: torch.export.export(of, (X,)).module()(2 * X), TRACING),
    "func.grad": (lambda of: torch.func.grad(total(of))(X), TRACING),
    "func.vmap": (lambda of: torch.func.vmap(of)(torch.stack([X, -X])), TRACING),
    "func.vmap of what the layer does not read": (
        lambda of: torch.func.vmap(lambda factor: factor * of(X))(torch.arange(2)),
        TRACING,
    ),
    "func.jvp": (lambda of: torch.func.jvp(of, (X,), (X,))[1], TRACING),
    "func.vjp": (lambda of: torch.func.vjp(of, X)[1](DY)[0], TRACING),
    "func.jacrev": (lambda of: torch.func.jacrev(of)(X), TRACING),
    "func.jacfwd": (lambda of: torch.func.jacfwd(of)(X), TRACING),
    "func.hessian": (lambda of: torch.func.hessian(total(of))(X), TRACING),
    "func.functionalize": (lambda of: torch.func.functionalize(of)(X), TRACING),
    "func.grad of functional_call": (slope_of_parameters, TRACING),
    "forward-mode AD": (tangent, FORWARD),
    "double backward": (twice, FIRST),
    "autograd.functional.jvp": (lambda of: functional.jvp(of, X, X)[1], FIRST),
    "autograd.functional.hessian": (lambda of: functional.hessian(total(of), X), FIRST),
    "batched gradients": (slopes_at_once, NUMBERS),
    "vectorised jacobian": (lambda of: functional.jacobian(of, X, vectorize=True), NUMBERS),
    "autocast": (lambda of: within(torch.autocast("cpu"), of.float(), X.float()), "does not take part in autocast"),
    "meta": (lambda of: of.to("meta")(X.to("meta")), "runs float32 and float64 on the CPU, not float64 on meta"),
}


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # torch.compile looks at each
@pytest.mark.parametrize("name", WORK)
def test_both_backends_give_the_same(name: str) -> None:
    found, expected = (WORK[name](output(backend)) for backend in ("native", "reference"))
    assert expected.abs().max() > 0
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def assert_refused(run: Callable[[], Any], reason: str) -> None:
    with pytest.raises(Refused, match=f"^the native backend {reason}; use the backend 'reference'$"):
        run()


@pytest.mark.filterwarnings("ignore")  # torch.jit is deprecated, and its tracing warns of loops
@pytest.mark.parametrize("name", REFUSED)
def test_native_refuses_and_names_the_reference_which_does_it(name: str) -> None:
    work, reason = REFUSED[name]
    of = output("native")
    assert_refused(lambda: work(of), reason)
    result = work(output("reference"))
    assert result.is_meta or result.isfinite().all()
    assert output("native")(X).isfinite().all()  # nothing is left behind


@pytest.mark.filterwarnings("ignore:Accessing the data pointer")
@pytest.mark.parametrize("size", [1, 64])  # blocks of torch's memory, and of our own
@pytest.mark.parametrize(("inside", "fake"), [(True, True), (True, False), (False, True)])
def test_no_kernel_runs_on_fake_tensors(size: int, inside: bool, fake: bool) -> None:
    mode: Any = FakeTensorMode(allow_non_fake_inputs=True)
    x = torch.ones(16, size, 3, dtype=torch.float64)
    native, reference = output("native"), output("reference").requires_grad_(False)
    given = mode.from_tensor(x) if fake else x
    with mode if inside else contextlib.nullcontext():
        assert_refused(lambda: native(given), NUMBERS)
        assert reference(given).shape == (16, size, 4)
    torch.testing.assert_close(native(x), reference(x))


@pytest.mark.parametrize("size", [1, 64])
def test_the_default_device_does_not_move_kernels(size: int) -> None:
    x = torch.ones(16, size, 3, dtype=torch.float64)
    expected = output("reference")(x)
    of = output("native")
    with torch.device("meta"):
        found = of(x)
    torch.testing.assert_close(found, expected)


def test_the_reference_goes_on_from_the_types_of_autocast() -> None:
    of = build(load_cell("rnn"), 3, 4, seed=1, dtype=torch.float32)
    x = X.float()
    with torch.autocast("cpu", torch.bfloat16):
        y, state = of(x)
        again, _ = of(x.bfloat16(), state)
    assert y.dtype == again.dtype == torch.bfloat16
    found, true = torch.stack([y, again]).float(), torch.stack([of(x)[0], of(x, of(x)[1])[0]])
    torch.testing.assert_close(found, true, rtol=0, atol=4 * torch.finfo(torch.bfloat16).eps)


def test_a_whole_graph_cannot_be_compiled_around_a_native_layer() -> None:
    options: Any = {"backend": "eager", "fullgraph": True}
    reason = "the native backend has compiled the cell itself; use the backend 'reference'"
    with pytest.raises(Exception, match=reason):
        torch.compile(output("native"), **options)(X)
    assert torch.equal(torch.compile(output("reference"), **options)(X), output("reference")(X))


@pytest.mark.filterwarnings("ignore")  # torch.jit is deprecated
@pytest.mark.parametrize("backend", ["native", "reference"])
def test_no_layer_can_be_scripted(backend: str) -> None:
    with pytest.raises(Refused, match=r"^a layer cannot be scripted; .* backend 'reference'$"):
        jit.script(output(backend))
