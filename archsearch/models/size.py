"""What a model costs, in closed form, before anything is built; free of torch."""

from __future__ import annotations

from archsearch.ir import CellIR, cost
from archsearch.schema.study import Model


def layer_inputs(model: Model, input_size: int) -> list[int]:
    """The input size of each layer."""
    return [input_size] + [model.hidden_size] * (model.layers - 1)


def parameters(ir: CellIR, model: Model, input_size: int, output_size: int) -> int:
    """Trainable numbers of all layers and the head."""
    layers = (cost.parameters(ir, size, model.hidden_size) for size in layer_inputs(model, input_size))
    return sum(layers) + (model.hidden_size + 1) * output_size


def operations(ir: CellIR, model: Model, input_size: int) -> int:
    """Multiply-adds and pointwise operations of all layers, per step and sequence."""
    return sum(cost.operations(ir, size, model.hidden_size) for size in layer_inputs(model, input_size))


def activation_bytes(ir: CellIR, model: Model, steps: int, batch: int) -> int:
    """What training keeps for the backward pass at most, in float32: every value of every step of every layer."""
    return 4 * steps * batch * model.hidden_size * model.layers * (len(ir.body) + 2)
