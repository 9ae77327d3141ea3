"""A spec: one fully filled candidate, everything that is trained."""

from __future__ import annotations

from archsearch.schema.cell import Cell
from archsearch.schema.strict import Strict
from archsearch.schema.study import Model, Training


class Spec(Strict):
    """A cell, the model around it and its training."""

    cell: Cell
    model: Model
    training: Training
