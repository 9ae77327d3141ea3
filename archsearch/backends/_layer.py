"""The module that every backend builds: parameters, initialisation, checked calls. Backends differ in `unroll`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor, nn

from archsearch.errors import InvalidInput, Problem
from archsearch.ir import CellIR
from archsearch.ir.cost import needs_projection, parameter_shapes

States = dict[str, Tensor]
PROJECTION = "x.linear.0"


class Unroll(Protocol):
    """Runs a cell over time."""

    def __call__(
        self,
        ir: CellIR,
        parameters: Mapping[str, Tensor],
        x: Tensor,
        bare: Tensor,
        state: States,
        hidden_size: int,
    ) -> tuple[Tensor, States]:
        """Outputs [time, batch, hidden] and the states after the last step, each [batch, hidden].

        x: [time, batch, input], what matrices read; bare: [time, batch, hidden], what everything else reads of the
        input (the same tensor as x where the sizes are equal).
        """


class CellLayer(nn.Module):
    """One layer of a cell.

    Parameters are called `<equation>.linear.<k>` [hidden, in], `<equation>.diagonal.<k>` [hidden] and
    `<equation>.bias` [hidden]. Linear and diagonal ones are drawn from U(-1/√hidden, 1/√hidden) in equation order,
    from one generator; a bias starts at its number. `x.linear.0` exists where a cell reads its bare input although
    the sizes differ.
    """

    def __init__(
        self,
        ir: CellIR,
        unroll: Unroll,
        input_size: int,
        hidden_size: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        self.ir = ir
        self.unroll = unroll
        self.input_size = input_size
        self.hidden_size = hidden_size
        biases = {f"{affine.equation}.bias": affine.bias for affine in ir.affines}
        bound = hidden_size**-0.5
        for name, shape in parameter_shapes(ir, input_size, hidden_size).items():
            start = biases.get(name)
            if start is None:
                drawn = torch.rand(shape, generator=generator, dtype=torch.float64, device="cpu") * (2 * bound) - bound
            else:
                drawn = torch.full(shape, start, dtype=torch.float64)
            self._register(name, drawn.to(dtype=dtype or torch.get_default_dtype(), device=device))

    def forward(self, x: Tensor, state: Mapping[str, Tensor] | None = None) -> tuple[Tensor, States]:
        """Run over a sequence.

        x: [time, batch, input]; state: each [batch, hidden], by default the cell's initial values.
        Returns y [time, batch, hidden] and the states after the last step.
        """
        self._check_input(x)
        parameters = dict(self.named_parameters())
        bare = x
        if needs_projection(self.ir, self.input_size, self.hidden_size):
            bare = nn.functional.linear(x, parameters[PROJECTION])
        return self.unroll(self.ir, parameters, x, bare, self._initial(x, state), self.hidden_size)

    def extra_repr(self) -> str:
        """Sizes and cell, for printing."""
        return f"{self.ir.cell}, input_size={self.input_size}, hidden_size={self.hidden_size}"

    def _register(self, name: str, value: Tensor) -> None:
        """Register under a dotted name.

        Children go straight into torch's table of modules: `add_module` would refuse an equation called `type` or `to`,
        although nothing else does.
        """
        *owners, last = name.split(".")
        module: nn.Module = self
        for owner in owners:
            child = module._modules.get(owner) or nn.Module()
            module._modules[owner] = child
            module = child
        module.register_parameter(last, nn.Parameter(value))

    def _check_input(self, x: Tensor) -> None:
        if x.dim() != 3 or x.shape[2] != self.input_size:
            raise _misshapen("x", x, f"[time, batch, {self.input_size}]")
        if x.shape[0] == 0 or x.shape[1] == 0:
            raise _misshapen("x", x, "at least one step and one sequence")

    def _initial(self, x: Tensor, state: Mapping[str, Tensor] | None) -> States:
        shape = (x.shape[1], self.hidden_size)
        if state is None:
            return {each.name: x.new_full(shape, each.initial) for each in self.ir.states}
        names = [each.name for each in self.ir.states]
        if sorted(state) != sorted(names):
            raise InvalidInput(
                Problem(("state",), f"got {', '.join(state) or 'nothing'}", f"allowed: {', '.join(names)}")
            )
        for name in names:
            if tuple(state[name].shape) != shape:
                raise _misshapen(f"state {name}", state[name], f"[batch, hidden] = {list(shape)}")
        return {name: state[name] for name in names}


def _misshapen(name: str, value: Tensor, allowed: str) -> InvalidInput:
    return InvalidInput(Problem((), f"{name} has the shape {list(value.shape)}", f"allowed: {allowed}"))
