"""Residual: each layer after the first adds its output to its input (He et al. 2016)."""

from __future__ import annotations

from archsearch.models.connections import Connection

CONNECTION = Connection(lambda below, output, _: below + output, compiled="sum")
