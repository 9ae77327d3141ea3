"""Cells and tasks."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class CellSummary:
    """A shipped cell or wiring and what one layer costs, per step. `source` is the comment in its file."""

    name: str
    cell: bool
    wiring: bool
    arch_id: str
    stages: int
    parameters: int
    operations: int
    source: str


@dataclasses.dataclass(frozen=True)
class Cells:
    """The shipped cells at these sizes."""

    input_size: int
    hidden_size: int
    cells: tuple[CellSummary, ...]


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell. A state that starts at minus infinity starts at null.

    `text` and `sentences` are the equations as in a paper and in words, `latex` all of them as an `align` block.
    """

    cell: str
    arch_id: str
    stages: int
    parameters: int
    operations: int
    input_size: int
    hidden_size: int
    source: str
    states: dict[str, float | None]
    output: str
    equations: dict[str, Any]
    ir: str
    parameter_shapes: dict[str, tuple[int, ...]]
    text: dict[str, str]
    sentences: dict[str, str]
    latex: str
