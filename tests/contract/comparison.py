"""Running cells and oracles the same way, and telling whether they did the same.

A run is everything that can differ: outputs, last states, and the gradients of one random linear functional of both
with respect to the input, the given states and every parameter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from archsearch.backends import build
from archsearch.backends._layer import CellLayer
from archsearch.schema.cell import CellBody
from tests.oracles import Oracle, draw_parameters, unroll

Tensors = dict[str, Tensor]
Runner = Callable[[Tensor, Tensors], tuple[Tensor, Tensors]]

OUTPUTS = 1e-12
GRADIENTS = 1e-10


@dataclasses.dataclass(frozen=True)
class Run:
    """What came out of one run; gradients by name: `x`, `state <name>`, and parameters by the oracle's letters."""

    y: Tensor
    states: Tensors
    gradients: Tensors


def normal(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Reproducible normal numbers, the same in every type."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def run(runner: Runner, x: Tensor, states: Mapping[str, Tensor], parameters: Mapping[str, Tensor]) -> Run:
    """Outputs, last states and gradients of `runner(x, states)`; all tensors are leaves of its graph."""
    leaves: Tensors = {"x": x.clone(), **{f"state {name}": value.clone() for name, value in states.items()}}
    for leaf in leaves.values():
        leaf.requires_grad_()
    y, last = runner(leaves["x"], {name: leaves[f"state {name}"] for name in states})
    total = (y * normal(*y.shape, seed=91, dtype=y.dtype)).sum()
    for index, name in enumerate(sorted(last)):
        total = total + (last[name] * normal(*last[name].shape, seed=92 + index, dtype=y.dtype)).sum()
    leaves |= parameters
    total = total + 0 * leaves["x"].sum()  # a constant output depends on nothing
    found = torch.autograd.grad(total, list(leaves.values()), materialize_grads=True)
    return Run(y.detach(), {name: each.detach() for name, each in last.items()}, dict(zip(leaves, found, strict=True)))


def assert_same_run(found: Run, expected: Run, outputs: float = OUTPUTS, gradients: float = GRADIENTS) -> None:
    """Every part equal within an absolute tolerance, relative for what is larger than 1."""
    _assert_close("y", found.y, expected.y, outputs)
    _assert_all_close("state", found.states, expected.states, outputs)
    _assert_all_close("gradient of", found.gradients, expected.gradients, gradients)


def _assert_all_close(kind: str, found: Tensors, expected: Tensors, tolerance: float) -> None:
    assert found.keys() == expected.keys(), f"{kind}: {sorted(found)} against {sorted(expected)}"
    for name, value in found.items():
        _assert_close(f"{kind} {name}", value, expected[name], tolerance)


def _assert_close(what: str, found: Tensor, expected: Tensor, tolerance: float) -> None:
    assert found.shape == expected.shape, f"{what}: {tuple(found.shape)} against {tuple(expected.shape)}"
    assert found.isfinite().all(), f"{what} is not finite"
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance, msg=lambda text: f"{what}: {text}")


def load(layer: nn.Module, parameters: Mapping[str, Tensor], names: Mapping[str, str]) -> Tensors:
    """Write an oracle's parameters into a layer; returns the layer's own by the oracle's letters."""
    own = dict(layer.named_parameters())
    assert own.keys() == names.keys(), f"{sorted(own)} against {sorted(names)}"
    assert set(parameters) == set(names.values()), f"{sorted(parameters)} against {sorted(names.values())}"
    with torch.no_grad():
        for name, letter in names.items():
            assert own[name].shape == parameters[letter].shape, name
            own[name].copy_(parameters[letter])
    return {letter: own[name] for name, letter in names.items()}


def compare_with_oracle(
    cell: CellBody,
    oracle: Oracle,
    names: Mapping[str, str],
    sizes: tuple[int, int, int, int],
    backend: str = "reference",
    seed: int = 1,
) -> None:
    """Raise AssertionError unless cell and oracle run alike in float64; sizes: time, batch, input, hidden."""
    time, batch, inputs, hidden = sizes
    layer = build(cell, inputs, hidden, backend, dtype=torch.float64)
    drawn = draw_parameters(oracle, inputs, hidden, seed)
    letters = load(layer, drawn, names)
    x = normal(time, batch, inputs, seed=seed + 1)
    states = {name: normal(batch, hidden, seed=seed + 2 + index) for index, name in enumerate(oracle.states)}
    leaves = {letter: value.clone().requires_grad_() for letter, value in drawn.items()}
    expected = run(lambda x_, states_: unroll(oracle, leaves, x_, states_), x, states, leaves)
    assert_same_run(run(layer, x, states, letters), expected)


def gradcheck(layer: CellLayer, sizes: tuple[int, int], seed: int = 3) -> bool:
    """Whether the backward pass of a float64 layer is that of its forward pass; sizes: time, batch."""
    time, batch = sizes
    x = normal(time, batch, layer.input_size, seed=seed).requires_grad_()
    names = [state.name for state in layer.ir.states]
    states = [normal(batch, layer.hidden_size, seed=seed + 1 + i).requires_grad_() for i in range(len(names))]

    def call(x_: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        y, last = layer(x_, dict(zip(names, rest[: len(names)], strict=True)))
        return (y, *(last[name] for name in names))

    return torch.autograd.gradcheck(call, (x, *states, *layer.parameters()))
