"""What a model costs, in closed form, before anything is built; free of torch."""

from __future__ import annotations

from archsearch.errors import InvalidInput, Problem
from archsearch.ir import CellIR, cost
from archsearch.schema.study import Model, StudyModel

LARGEST = 8192
"""Hidden size beyond which none is tried."""


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


def sized(ir: CellIR, model: StudyModel, input_size: int, output_size: int) -> Model:
    """The model of one cell: of the given hidden size, or the largest within the given number of parameters.

    Raises `InvalidInput` where hidden size 1 has more parameters than that.
    """
    if model.hidden_size is not None:
        return model.of_size(model.hidden_size)
    assert model.parameters is not None

    def count(hidden_size: int) -> int:
        return parameters(ir, model.of_size(hidden_size), input_size, output_size)

    if count(1) > model.parameters:
        what = f"the smallest model of {ir.cell} has {count(1)} parameters"
        raise InvalidInput(Problem(("model", "parameters"), what, f"allowed: {count(1)} or more"))
    fits, beyond = 1, LARGEST + 1  # the count grows with the hidden size
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        fits, beyond = (middle, beyond) if count(middle) <= model.parameters else (fits, middle)
    return model.of_size(fits)
