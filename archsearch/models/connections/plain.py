"""Plain: each layer reads the output of the layer below it."""

from __future__ import annotations

from archsearch.models.connections import Connection

CONNECTION = Connection(lambda below, output, _: output, compiled="output")
