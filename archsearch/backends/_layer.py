"""The module that every backend builds: parameters, initialisation, checked calls. Backends differ in `unroll`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

import torch
from torch import Tensor, nn

from archsearch.backends._names import Homonym, Owner, Shadowed
from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.ir import CellIR
from archsearch.ir.cost import parameter_shapes
from archsearch.ir.initial import Values
from archsearch.ir.projection import projected

States = dict[str, Tensor]


class Unroll(Protocol):
    """Runs a cell over time."""

    def __call__(
        self,
        ir: CellIR,
        parameters: Mapping[str, Tensor],
        x: Tensor,
        state: States,
        hidden_size: int,
    ) -> tuple[Tensor, States]:
        """Outputs [time, batch, hidden] and the states after the last step, each [batch, hidden].

        x: [time, batch, input]. Where the sizes differ, nothing but matrices reads it.
        """


class CellLayer(nn.Module):
    """One layer of a cell.

    Parameters are called `<equation>.linear.<k>` [hidden, in], `<equation>.diagonal.<k>` [hidden] and
    `<equation>.bias` [hidden]; they start at `values`. `x.linear.0` exists where a cell reads its bare input although
    the sizes differ.
    """

    def __init__(
        self,
        ir: CellIR,
        unroll: Unroll,
        input_size: int,
        hidden_size: int,
        values: Values,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        self._ir = ir
        self._unroll = unroll
        self._program = projected(ir, input_size, hidden_size)
        self._places: list[tuple[str, list[str], str]] = []
        self._input_size = input_size
        self._hidden_size = hidden_size
        dtype, device = dtype or torch.get_default_dtype(), device or torch.get_default_device()
        for name in parameter_shapes(ir, input_size, hidden_size):
            self._register(name, torch.tensor(values[name], dtype=dtype, device=device))
        if any(isinstance(child, Homonym) for child in self._modules.values()):
            self.__class__ = _ShadowedLayer

    @property
    def ir(self) -> CellIR:
        """The cell."""
        return self._ir

    @property
    def input_size(self) -> int:
        """Values per step of the input."""
        return self._input_size

    @property
    def hidden_size(self) -> int:
        """Values per state."""
        return self._hidden_size

    def forward(self, x: Tensor, state: Mapping[str, Tensor] | None = None) -> tuple[Tensor, States]:
        """Run over a sequence.

        x: [time, batch, input]; state: each [batch, hidden], by default the cell's initial values.
        Returns y [time, batch, hidden] and the states after the last step. Raises `InvalidInput` for tensors of other
        shapes, other types or other devices, and for states by other names.
        """
        parameters = self._by_name()
        self._check_input(x, next(iter(parameters.values()), x))
        return self._unroll(self._program, parameters, x, self._initial(x, state), self._hidden_size)

    def __prepare_scriptable__(self) -> NoReturn:
        """`torch.jit.script` calls this before it compiles a module's Python, which it cannot do for a layer."""
        raise Refused("a layer cannot be scripted; torch.jit.trace and torch.export take the backend 'reference'")

    def extra_repr(self) -> str:
        """Sizes and cell, for printing."""
        return f"{self._ir.cell}, input_size={self._input_size}, hidden_size={self._hidden_size}"

    def _register(self, name: str, value: Tensor) -> None:
        """Register under a dotted name.

        Children go straight into torch's table of modules: `add_module` would refuse an equation called `type` or `to`,
        although nothing else does.
        """
        *owners, last = name.split(".")
        module: nn.Module = self
        for owner in owners:
            child = module._modules.get(owner)
            if child is None:
                child = Homonym(self, owner) if module is self and hasattr(self, owner) else Owner()
                module._modules[owner] = child
            module = child
        module.register_parameter(last, nn.Parameter(value))
        self._places.append((name, owners, last))

    def _by_name(self) -> dict[str, Tensor]:
        """What `named_parameters` gives, ten times as quickly, and what stands in for a parameter (pruning, tying)."""
        tensors: dict[str, Tensor] = {}
        for name, owners, last in self._places:
            module: Any = self
            for owner in owners:
                module = module._modules[owner]
            value = module._parameters.get(last)
            tensors[name] = Owner.__call__(module, last) if value is None else value
        return tensors

    def _check_input(self, x: Tensor, like: Tensor) -> None:
        _check_kind("x", x, like)
        if x.dim() != 3 or x.shape[2] != self._input_size:
            raise _misshapen("x", x, f"[time, batch, {self._input_size}]")
        if x.shape[0] == 0 or x.shape[1] == 0:
            raise _misshapen("x", x, "at least one step and one sequence")

    def _initial(self, x: Tensor, state: object) -> States:
        shape = (x.shape[1], self._hidden_size)
        if state is None:
            return {declared.name: x.new_full(shape, declared.initial) for declared in self._ir.states}
        names = [declared.name for declared in self._ir.states]
        given: States | None = dict(state) if isinstance(state, Mapping) else None
        if given is None or given.keys() != set(names):
            got = f"a {type(state).__name__}" if given is None else ", ".join(map(str, given)) or "nothing"
            allowed = f"allowed: tensors by the names {', '.join(names) or '(none)'}"
            raise InvalidInput(Problem(("state",), f"got {got}", allowed))
        for name in names:
            _check_kind(f"state {name}", given[name], x)
            if tuple(given[name].shape) != shape:
                raise _misshapen(f"state {name}", given[name], f"[batch, hidden] = {list(shape)}")
        return {name: given[name] for name in names}


class _ShadowedLayer(Shadowed, CellLayer):
    """A layer with equations that are called like its attributes."""


def _check_kind(name: str, value: Tensor, like: Tensor) -> None:
    if value.dtype != like.dtype and torch.is_autocast_enabled(value.device.type) and value.is_floating_point():
        like = like.to(value.dtype)  # autocast brings floating types together
    if value.dtype != like.dtype or value.device != like.device or not value.is_floating_point():
        allowed = f"allowed: {like.dtype} on {like.device}" if like.is_floating_point() else "allowed: floating types"
        raise InvalidInput(Problem((), f"{name} is {value.dtype} on {value.device}", allowed))


def _misshapen(name: str, value: Tensor, allowed: str) -> InvalidInput:
    return InvalidInput(Problem((), f"{name} has the shape {list(value.shape)}", f"allowed: {allowed}"))
