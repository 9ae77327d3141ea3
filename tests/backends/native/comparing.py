"""Native beside the reference: the same numbers through both, everything that comes out compared."""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from archsearch.backends import build
from archsearch.backends._layer import CellLayer
from archsearch.ir import CellIR, lower
from archsearch.ir.cost import parameter_shapes
from archsearch.schema.cell import Cell
from tests.contract.comparison import Run, assert_same_run, normal, run

SINGLE, DOUBLE = torch.float32, torch.float64
Sizes = tuple[int, int, int, int]
"""Time, batch, input, hidden."""

OUTPUTS = 1e-11
GRADIENTS = 1e-10


@dataclasses.dataclass(frozen=True)
class Subject:
    """A cell with everything that a run is given: numbers that float32 holds exactly, as float64."""

    ir: CellIR
    sizes: Sizes
    x: Tensor
    states: dict[str, Tensor]
    parameters: dict[str, Tensor]

    def layer(self, backend: str, dtype: torch.dtype = DOUBLE) -> CellLayer:
        """A layer with the subject's parameters."""
        layer = build(self.ir, *self.sizes[2:], backend, dtype=dtype)
        layer.load_state_dict(self.parameters)
        return layer

    def run(self, backend: str, dtype: torch.dtype = DOUBLE) -> Run:
        """Outputs, last states and every gradient, widened to float64 afterwards."""
        layer = self.layer(backend, dtype)
        states = {name: value.to(dtype) for name, value in self.states.items()}
        done = run(layer, self.x.to(dtype), states, dict(layer.named_parameters()))
        return Run(
            done.y.double(),
            {name: each.double() for name, each in done.states.items()},
            {name: each.double() for name, each in done.gradients.items()},
        )


def subject(of: Cell | CellIR, sizes: Sizes, seed: int = 1) -> Subject:
    """A subject with drawn numbers; biases too, which would start at 0."""
    ir = of if isinstance(of, CellIR) else lower(of)
    time, batch, inputs, hidden = sizes
    shapes = parameter_shapes(ir, inputs, hidden)
    scale = hidden**-0.5
    parameters = {name: _drawn(*shape, seed=seed + 100 + k) * scale for k, (name, shape) in enumerate(shapes.items())}
    states = {state.name: _drawn(batch, hidden, seed=seed + 50 + k) for k, state in enumerate(ir.states)}
    return Subject(ir, sizes, _drawn(time, batch, inputs, seed=seed), states, _rounded(parameters))


def _drawn(*shape: int, seed: int) -> Tensor:
    return normal(*shape, seed=seed).float().double()


def _rounded(values: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.float().double() for name, value in values.items()}


def assert_equals_reference(of: Subject, dtype: torch.dtype = DOUBLE) -> None:
    """Raise AssertionError unless native's outputs, last states and gradients are those of the reference."""
    exact = of.run("reference")
    found = of.run("native", dtype)
    if dtype == DOUBLE:
        assert_same_run(found, exact, OUTPUTS, GRADIENTS)
    else:
        assert_single_precision(found, of.run("reference", dtype), exact)


def assert_single_precision(found: Run, other: Run, exact: Run) -> None:
    """Raise AssertionError where `found` is much further from `exact` than `other`, also in float32, is.

    How many roundings lead to a number depends on the cell; how far another implementation goes astray tells it.
    """
    for what, value, near, true in _parts(found, other, exact):
        scale = max(1.0, true.abs().max().item())
        allowed = 8 * (near - true).abs().max().item() + 128 * torch.finfo(SINGLE).eps * scale
        off = (value - true).abs().max().item()
        assert off <= allowed, f"{what}: off by {off}, allowed are {allowed}"  # NaN is never below


def _parts(*runs: Run) -> list[tuple[str, Tensor, Tensor, Tensor]]:
    """Each tensor of the three runs, with its name."""
    named = [
        {"y": each.y}
        | {f"state {name}": value for name, value in each.states.items()}
        | {f"gradient of {name}": value for name, value in each.gradients.items()}
        for each in runs
    ]
    first, second, third = named
    assert first.keys() == second.keys() == third.keys()
    return [(name, first[name], second[name], third[name]) for name in first]
