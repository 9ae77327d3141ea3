"""A bare input of another size than the hidden one, as an instruction: the projection that stands in for it."""

from __future__ import annotations

import dataclasses

from archsearch.ir.check import check
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand


def needs_projection(ir: CellIR, input_size: int, hidden_size: int) -> bool:
    """Whether the cell reads its bare input although the sizes differ, as MUT1 may."""
    return ir.reads_bare_input and input_size != hidden_size


def projected(ir: CellIR, input_size: int, hidden_size: int) -> CellIR:
    """The cell as it runs at these sizes: where it needs a projection, `x~ = affine W[x]` is read instead of bare `x`.

    Its parameter is `x.linear.0`, drawn before all others. Not part of the cell's identity.
    """
    if not needs_projection(ir, input_size, hidden_size):
        return ir
    stands_in = {name: f"{name}~" for name in ir.inputs}
    reads = tuple(_redirected(instruction, stands_in) for instruction in ir.body)
    made = tuple(Affine(new, (name,), (), None) for name, new in stands_in.items())
    states = tuple(dataclasses.replace(state, next=_end(state.next, stands_in)) for state in ir.states)
    projection = dataclasses.replace(ir, states=states, body=made + reads, output=_end(ir.output, stands_in))
    check(projection)
    return projection


def _redirected(instruction: Instruction, stands_in: dict[str, str]) -> Instruction:
    if isinstance(instruction, Affine):
        vectors = tuple(stands_in.get(name, name) for name in instruction.vectors)
        return dataclasses.replace(instruction, vectors=vectors)
    return dataclasses.replace(instruction, args=tuple(_end(arg, stands_in) for arg in instruction.args))


def _end(operand: Operand, stands_in: dict[str, str]) -> Operand:
    return stands_in.get(operand, operand) if isinstance(operand, str) else operand
