"""What an oracle is: one cell written straight from its paper, in plain torch.

Notation shared by every oracle. ``x`` is the input of this step, ``h'`` and ``c'`` are the states of the previous
step. Parameters are named after the paper's own unit letters: ``W_<unit>`` [hidden, input] multiplies ``x``,
``U_<unit>`` [hidden, hidden] multiplies a state, ``p_<unit>`` [hidden] is a diagonal peephole weight and
``b_<unit>`` [hidden] a bias. Cells that need other letters explain them where they are defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Tensors = dict[str, Tensor]
Step = Callable[[Tensors, Tensor, Tensors], tuple[Tensor, Tensors]]
Kind = Literal["WH", "HH", "H"]
"""Shape of a parameter: ``WH`` [hidden, input], ``HH`` [hidden, hidden], ``H`` [hidden]."""
ParameterTable = dict[str, Kind]
StateTable = dict[str, float]


@dataclass(frozen=True)
class Oracle:
    """One cell: its step, the parameters the step reads, its states and where the equations come from.

    ``step(p, x, state)`` takes x [batch, input] and states [batch, hidden] and returns (output, new states);
    ``states`` maps each state to its initial value. ``raw_input`` marks cells that use x outside of any product,
    so that input size and hidden size have to be equal.
    """

    step: Step
    parameters: Mapping[str, Kind]
    states: Mapping[str, float]
    source: str
    raw_input: bool = False


def affine(p: Tensors, unit: str, x: Tensor, h: Tensor) -> Tensor:
    """``W x + U h + b`` of one unit, [batch, hidden]."""
    return x @ p[f"W_{unit}"].T + h @ p[f"U_{unit}"].T + p[f"b_{unit}"]


def dense(*units: str) -> ParameterTable:
    """Table entries ``W_u``, ``U_u`` and ``b_u`` of every given unit."""
    table: ParameterTable = {}
    for unit in units:
        table.update({f"W_{unit}": "WH", f"U_{unit}": "HH", f"b_{unit}": "H"})
    return table


def peepholes(*units: str) -> ParameterTable:
    """Table entries ``p_u`` of every given unit."""
    return {f"p_{unit}": "H" for unit in units}


def shape(kind: Kind, inputs: int, hidden: int) -> tuple[int, ...]:
    """The shape a kind stands for."""
    shapes: dict[Kind, tuple[int, ...]] = {"WH": (hidden, inputs), "HH": (hidden, hidden), "H": (hidden,)}
    return shapes[kind]


def draw_parameters(oracle: Oracle, inputs: int, hidden: int, seed: int, scale: float = 0.7) -> Tensors:
    """Normal float64 parameters of standard deviation ``scale`` for every entry of the cell's table."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: scale * torch.randn(shape(kind, inputs, hidden), generator=generator, dtype=torch.float64)
        for name, kind in oracle.parameters.items()
    }
