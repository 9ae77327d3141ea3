"""Made-up results of cells on tasks, for the tests of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archsearch.store import EntryResult
from benchmarks.variants.results import Draw, Found, Setting, TaskBoard, place_cells
from tests.board.samples import entry
from tests.schema.scores import BUDGET

TRIVIAL = 0.1
NOISE = (0.02, -0.02, 0.01, -0.01, 0.03, -0.03, 0.02, -0.02)


def around(centre: float, turn: int = 0) -> list[float]:
    """Objectives of eight seeds; another turn gives another order."""
    return [centre + NOISE[(index + turn) % len(NOISE)] for index in range(len(NOISE))]


def task_board(label: str, cells: Mapping[str, EntryResult], comparisons: int) -> TaskBoard:
    """A task with these cells, compared with the LSTM."""
    settings = {result.entry.spec_id: Setting(cell, 16, 0.01) for cell, result in cells.items()}
    draws = {cell: [Draw(0.02, 0.5), Draw(0.01, 0.4)] for cell in cells}
    places = place_cells(
        list(cells.values()), settings, draws, reference="lstm", trivial=TRIVIAL, comparisons=comparisons
    )
    return TaskBoard(label, {"name": label}, TRIVIAL, BUDGET, places)


def found(tasks: Mapping[str, Mapping[str, Sequence[float]]], **changes: Any) -> Found:
    """Objectives by task and cell; `changes` are of every score."""
    comparisons = sum(len(cells) - 1 for cells in tasks.values())
    boards = []
    for label, cells in tasks.items():
        entries = {
            cell: entry(cell, values, "candidate" if cell == "lstm" else "baseline", **changes)
            for cell, values in cells.items()
        }
        boards.append(task_board(label, entries, comparisons))
    return Found("lstm", tuple(boards))
