"""Independent oracles: recurrent cells written from their papers' equations in plain torch.

They share no code with the package under test. ``ORACLES[name]`` holds the step, the parameter table, the state
table and the source of every cell; ``unroll`` runs one over a sequence.
"""

from __future__ import annotations

from . import elman, greff, gru, lstm, mut, single_gate
from .oracle import Oracle, draw_parameters
from .unroll import initial_state, unroll

ORACLES: dict[str, Oracle] = {
    **elman.ORACLES,
    **lstm.ORACLES,
    **gru.ORACLES,
    **mut.ORACLES,
    **single_gate.ORACLES,
    **greff.ORACLES,
}

__all__ = ["ORACLES", "Oracle", "draw_parameters", "initial_state", "unroll"]
