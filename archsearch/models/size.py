"""What a model costs, in closed form, before anything is built; free of torch."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable

from archsearch import registry
from archsearch.errors import Problem
from archsearch.ir import CellIR, cost
from archsearch.models.connections import PACKAGE, Connection
from archsearch.schema.study import LARGEST_HIDDEN_SIZE, Model, StudyModel
from archsearch.space import DoesNotFit


def layer_inputs(model: Model, input_size: int) -> list[int]:
    """The input size of each layer."""
    return [input_size] + [model.hidden_size] * (model.layers - 1)


def parameters(ir: CellIR, model: Model, input_size: int, output_size: int) -> int:
    """Trainable numbers of all layers and the head."""
    return _count(ir, model, model.hidden_size, input_size, output_size)


def operations(ir: CellIR, model: Model, input_size: int) -> int:
    """Multiply-adds and pointwise operations of all layers, and multiply-adds between them, per step and sequence."""
    layers = sum(cost.operations(ir, size, model.hidden_size) for size in layer_inputs(model, input_size))
    return layers + _between(model, model.hidden_size)


def activation_bytes(ir: CellIR, model: Model, steps: int, batch: int) -> int:
    """What training keeps for the backward pass at most, in float32: every value of every step of every layer."""
    return 4 * steps * batch * model.hidden_size * model.layers * (len(ir.body) + 2)


def sized(ir: CellIR, model: StudyModel, input_size: int, output_size: int) -> Model:
    """The model of one cell: of the given hidden size, or the largest within the given number of parameters.

    Raises `DoesNotFit` where hidden size 1 has more parameters than that, or the largest hidden size far fewer.
    """
    if model.hidden_size is not None:
        return model.of_size(model.hidden_size)
    assert model.parameters is not None

    def count(hidden_size: int) -> int:
        return _count(ir, model, hidden_size, input_size, output_size)

    hidden_size = _largest(count, model.parameters, input_size)
    if hidden_size is None:
        what = f"the smallest model of {ir.cell} has {count(1)} parameters, more than {model.parameters}"
        raise DoesNotFit(Problem(("model", "parameters"), what, f"allowed: {count(1)} or more"))
    if hidden_size == LARGEST_HIDDEN_SIZE and count(hidden_size + 1) <= model.parameters:
        what = f"the largest model of {ir.cell} has {count(hidden_size)} parameters, fewer than {model.parameters}"
        raise DoesNotFit(Problem(("model", "parameters"), what, f"allowed: {count(hidden_size)} or fewer"))
    return model.of_size(hidden_size)


def _largest(count: Callable[[int], int], most: int, input_size: int) -> int | None:
    """The largest hidden size whose `count` is at most `most`.

    Counts grow with the hidden size but for one place: a cell that reads its bare input needs a projection unless the
    hidden size is the input's. So that size is looked at by itself, between the larger and the smaller ones.
    """
    sizes = range(1, LARGEST_HIDDEN_SIZE + 1)
    for part in (sizes[input_size:], sizes[input_size - 1 : input_size], sizes[: input_size - 1]):
        fitting = bisect.bisect_right(part, most, key=count)
        if fitting:
            return part[fitting - 1]
    return None


def _count(ir: CellIR, model: Model | StudyModel, hidden_size: int, input_size: int, output_size: int) -> int:
    first, deeper = (cost.parameters(ir, size, hidden_size) for size in (input_size, hidden_size))
    return first + (model.layers - 1) * deeper + _between(model, hidden_size) + (hidden_size + 1) * output_size


def _between(model: Model | StudyModel, hidden_size: int) -> int:
    """Trainable numbers of all connections, each a multiply-add."""
    connection: Connection = registry.load(PACKAGE, model.connection)
    return (model.layers - 1) * sum(map(math.prod, connection.shapes(hidden_size).values()))
