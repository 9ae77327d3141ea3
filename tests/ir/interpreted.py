"""A program and its way back, run instruction by instruction in torch: what compiled kernels do, without kernels."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from archsearch.backends.reference.interpreter import OPERATIONS
from archsearch.ir import Operand, Pointwise
from archsearch.ir.passes.reverse import ReverseSegment
from archsearch.ir.passes.segments import Product, Program

Values = dict[str, Tensor]


def weight(product: Product, which: int) -> str:
    """The name of a matrix."""
    return f"{product.equation}.linear.{which}"


def run(program: Program, given: Mapping[str, Tensor]) -> Values:
    """Every value of one step; `given`: inputs, past states, vectors, and matrices and biases by parameter name."""
    batch = given[program.ir.inputs[0]].shape[0]
    values = {**given, **{name: given[name].expand(batch, -1) for name in program.vectors}}
    for segment in program.segments:
        for product in segment.products:
            total = values[f"{product.equation}.bias"] if product.bias else torch.zeros((), dtype=torch.float64)
            for which, name in enumerate(product.matrices):
                total = total + values[name] @ values[weight(product, which)].T
            values[product.name] = total
        for instruction in segment.pointwise:
            values[instruction.name] = _apply(instruction, values)
    return values


def run_back(
    program: Program, backwards: tuple[ReverseSegment, ...], values: Mapping[str, Tensor], ends: Mapping[str, Tensor]
) -> Values:
    """The adjoint of every value and parameter, from those of the cell's ends; shapes are not reduced."""
    memory: Values = {f"d {name}": value for name, value in ends.items()}

    def add(name: str, value: Tensor) -> None:
        memory[f"d {name}"] = memory.get(f"d {name}", torch.zeros((), dtype=value.dtype)) + value

    for one in backwards:
        known = {**values, **{f"d {name}": memory[f"d {name}"] for name in one.seeds}}
        for instruction in one.body:
            known[instruction.name] = _apply(instruction, known)
        for name, operand in one.adds.items():
            add(name, _value(operand, known))
        for product in one.segment.products:
            adjoint = _value(one.products[product.name], known).expand(values[product.name].shape)
            if product.bias:
                add(f"{product.equation}.bias", adjoint)
            for which, name in enumerate(product.matrices):
                add(weight(product, which), adjoint.T @ values[name])
                add(name, adjoint @ values[weight(product, which)])
    return memory


def _apply(instruction: Pointwise, values: Mapping[str, Tensor]) -> Tensor:
    return OPERATIONS[instruction.op](*(_value(arg, values) for arg in instruction.args))


def _value(operand: Operand, values: Mapping[str, Tensor]) -> Tensor:
    return values[operand] if isinstance(operand, str) else torch.tensor(operand, dtype=torch.float64)
