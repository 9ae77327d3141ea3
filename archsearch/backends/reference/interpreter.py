"""What each instruction computes, in plain torch.

Gradients are autograd's. Only products of the input leave the time loop, since no step waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from archsearch.backends._layer import States
from archsearch.ir import Affine, CellIR, Operand, Pointwise

Value = Tensor | float


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "max": lambda a, b: torch.maximum(*_tensors(a, b)),
    "min": lambda a, b: torch.minimum(*_tensors(a, b)),
    "neg": lambda a: -a,
    "exp": torch.exp,
    "log": torch.log,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "sin": torch.sin,
    "gt": lambda a, b: (a > b).to((a if isinstance(a, Tensor) else b).dtype),
    "log1p": torch.log1p,
    "cos": torch.cos,
    "where_le": lambda a, b, c, d: torch.where(a <= b, c, d),
}


def _tensors(*values: Value) -> list[Tensor]:
    """The values, numbers as tensors of the others' type."""
    like = next(value for value in values if isinstance(value, Tensor))
    return [value if isinstance(value, Tensor) else like.new_full((), value) for value in values]


def unroll(
    ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor, state: States, hidden_size: int
) -> tuple[Tensor, States]:
    """Outputs [time, batch, hidden] and last states [batch, hidden] of the cell over x [time, batch, input]."""
    hoisted = {affine.name: _input_products(affine, ir, parameters, x) for affine in ir.affines}
    shape = (x.shape[1], hidden_size)
    outputs: list[Tensor] = []
    for time in range(x.shape[0]):
        values: dict[str, Value] = dict.fromkeys(ir.inputs, x[time])
        values |= {declared.previous: state[declared.name] for declared in ir.states}
        for instruction in ir.body:
            if isinstance(instruction, Affine):
                start = hoisted[instruction.name]
                begun = start[time] if isinstance(start, Tensor) and start.dim() == 3 else start
                values[instruction.name] = _affine(instruction, ir, parameters, values, begun, x.shape[1])
            else:
                values[instruction.name] = _pointwise(instruction, values)
        state = {declared.name: _full(declared.next, values, shape, x) for declared in ir.states}
        outputs.append(_full(ir.output, values, shape, x))
    return torch.stack(outputs), state


def _input_products(affine: Affine, ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor) -> Tensor | None:
    """Bias plus all products of the input [time, batch, hidden]; [hidden] for a bias alone, None for neither."""
    total = parameters.get(f"{affine.equation}.bias")
    for index, name in enumerate(affine.matrices):
        if name in ir.inputs:
            product = torch.nn.functional.linear(x, parameters[f"{affine.equation}.linear.{index}"])
            total = product if total is None else product + total
    return total


def _affine(
    affine: Affine,
    ir: CellIR,
    parameters: Mapping[str, Tensor],
    values: Mapping[str, Value],
    begun: Tensor | None,
    batch: int,
) -> Tensor:
    total = begun
    for index, name in enumerate(affine.matrices):
        if name not in ir.inputs:
            weight, value = parameters[f"{affine.equation}.linear.{index}"], values[name]
            assert isinstance(value, Tensor)
            total = value @ weight.T if total is None else torch.addmm(total, value, weight.T)
    for index, name in enumerate(affine.vectors):
        product = parameters[f"{affine.equation}.diagonal.{index}"] * values[name]
        total = product if total is None else total + product
    assert total is not None
    return total if total.dim() == 2 else total.expand(batch, -1)


def _pointwise(instruction: Pointwise, values: Mapping[str, Value]) -> Tensor:
    return OPERATIONS[instruction.op](*(_operand(arg, values) for arg in instruction.args))


def _operand(operand: Operand, values: Mapping[str, Value]) -> Value:
    return values[operand] if isinstance(operand, str) else operand


def _full(operand: Operand, values: Mapping[str, Value], shape: tuple[int, int], like: Tensor) -> Tensor:
    """A value as [batch, hidden], constants too."""
    value = _operand(operand, values)
    return value if isinstance(value, Tensor) else like.new_full(shape, value)
