"""Added by a test: each layer after the first adds its output times a trained vector (Bachlechner et al. 2020)."""

from __future__ import annotations

from archsearch.models.connections import Connection

CONNECTION = Connection(
    lambda below, output, parameters: below + parameters["scale"] * output,
    lambda hidden_size: {"scale": (hidden_size,)},
)
