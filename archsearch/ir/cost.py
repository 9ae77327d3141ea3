"""What a cell costs, in closed form: stages, parameters and operations. Nothing is built."""

from __future__ import annotations

from archsearch.ir.instructions import Affine, CellIR
from archsearch.ir.projection import projected


def stages(ir: CellIR) -> int:
    """The number of matrix products of one step that must wait for each other: LSTM 1, GRU reset-before 2.

    Products of values that do not depend on a state can be taken out of the time loop and do not count. A product does
    not wait for what is only added to it: a peephole on the new memory costs no stage.
    """
    depth = {state.previous: 0 for state in ir.states}  # names missing here do not depend on any state
    for instruction in ir.body:
        multiplied = instruction.matrices if isinstance(instruction, Affine) else ()
        depths = [depth[name] + (name in multiplied) for name in instruction.operands if name in depth]
        if depths:
            depth[instruction.name] = max(depths)
    return max(depth.values(), default=0)


def parameters(ir: CellIR, input_size: int, hidden_size: int) -> int:
    """Trainable numbers of one layer, the input projection included where the sizes demand one."""
    return sum(
        shape[0] * (shape[1] if len(shape) > 1 else 1)
        for shape in parameter_shapes(ir, input_size, hidden_size).values()
    )


def parameter_shapes(ir: CellIR, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
    """Shapes by parameter name, in the order in which they are drawn."""
    shapes: dict[str, tuple[int, ...]] = {}
    for affine in projected(ir, input_size, hidden_size).affines:
        for index, name in enumerate(affine.matrices):
            width = input_size if name in ir.inputs else hidden_size
            shapes[f"{affine.equation}.linear.{index}"] = (hidden_size, width)
        for index in range(len(affine.vectors)):
            shapes[f"{affine.equation}.diagonal.{index}"] = (hidden_size,)
        if affine.bias is not None:
            shapes[f"{affine.equation}.bias"] = (hidden_size,)
    return shapes


def operations(ir: CellIR, input_size: int, hidden_size: int) -> int:
    """Multiply-adds plus pointwise operations of one layer, per step and sequence."""
    pointwise = len(ir.body) - len(ir.affines)
    return parameters(ir, input_size, hidden_size) + pointwise * hidden_size
