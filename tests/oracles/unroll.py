"""Running an oracle over a whole sequence."""

from __future__ import annotations

import torch
from torch import Tensor

from .oracle import Oracle, Tensors


def initial_state(oracle: Oracle, p: Tensors, batch: int) -> Tensors:
    """Every state [batch, hidden] at its initial value; hidden size, dtype and device are those of the parameters."""
    vector = next(p[name] for name, kind in oracle.parameters.items() if kind == "H")
    return {name: vector.new_full((batch, vector.shape[0]), value) for name, value in oracle.states.items()}


def unroll(oracle: Oracle, p: Tensors, x: Tensor, state: Tensors | None = None) -> tuple[Tensor, Tensors]:
    """Outputs [time, batch, hidden] for x [time, batch, input], and the states after the last step.

    ``state`` None starts from the cell's initial values. Raises ValueError for an empty sequence.
    """
    if x.shape[0] == 0:
        raise ValueError("cannot unroll over a sequence of no steps")
    current = initial_state(oracle, p, x.shape[1]) if state is None else dict(state)
    outputs = []
    for x_t in x:
        y, current = oracle.step(p, x_t, current)
        outputs.append(y)
    return torch.stack(outputs), current
