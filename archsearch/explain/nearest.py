"""The textbook cell that a cell is, or is nearest to, and the difference in a few words.

Nearest means, in this order:

1. the same architecture (`arch_id`); among several of the same, the one whose fields as a wiring agree best;
2. for a cell that can be written as a wiring, the textbook wiring that differs in the fewest fields, as on a board;
3. else the shipped cell whose normal form has the fewest other parts than the cell's (`distance.py`).

Ties are broken by name, with the variants of Greff et al. last.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from archsearch.explain.distance import Part, distance, parts
from archsearch.explain.features import graph_differences, role_differences
from archsearch.explain.viewed import identity
from archsearch.explain.wiring_of import wiring_of
from archsearch.ir import CellIR, lower
from archsearch.ir.normal_form import Graph, normal_form
from archsearch.schema.cell import Cell
from archsearch.space.library import cell_names, load_cell, textbook_wirings
from archsearch.space.line import GREFF, nearest_wiring, wiring_differences, wiring_distance

Measure = Literal["identity", "wiring", "graph"]


@dataclasses.dataclass(frozen=True)
class Nearest:
    """A textbook cell, how far it is by which measure, and the differences in words.

    By `identity` the architectures are the same and only starting values may differ; `also` names other textbook cells
    of the same architecture. `line` says all of it: `gru, no reset, peephole(output)`.
    """

    name: str
    measure: Measure
    distance: int
    differences: tuple[str, ...]
    also: tuple[str, ...]
    line: str


@dataclasses.dataclass(frozen=True)
class Textbook:
    """A shipped cell with all that it is compared by."""

    cell: Cell
    ir: CellIR
    arch_id: str
    reads: Mapping[str, Any] | None
    graph: Graph
    parts: Counter[Part]


@functools.cache
def textbook_cells() -> dict[str, Textbook]:
    """The shipped cells and wirings by name."""
    found = {}
    for name in cell_names():
        cell = load_cell(name)
        ir = lower(cell)
        graph = normal_form(ir)
        found[name] = Textbook(cell, ir, identity(ir), textbook_wirings().get(name), graph, parts(graph))
    return found


def find_nearest(cell: Cell) -> Nearest | None:
    """The textbook cell nearest to `cell`; None where none is shipped."""
    ir = lower(cell)
    own, known, reads = identity(ir), textbook_cells(), wiring_of(cell)
    same = [name for name, textbook in known.items() if textbook.arch_id == own]
    if same:
        return _same(ir, reads, same)
    if reads is not None and (name := nearest_wiring(reads, textbook_wirings())) is not None:
        textbook = textbook_wirings()[name]
        words = wiring_differences(reads, textbook)
        return _nearest(name, "wiring", wiring_distance(reads, textbook), words)
    if not known:
        return None
    graph = normal_form(ir)
    around = parts(graph)
    distances = {name: distance(around, textbook.parts) for name, textbook in known.items()}
    name = min(known, key=lambda name: (distances[name], name.startswith(GREFF), name))
    words = role_differences(cell, known[name].cell) or graph_differences(graph, known[name].graph)
    return _nearest(name, "graph", distances[name], words)


def _nearest(
    name: str, measure: Measure, distance: int, differences: Sequence[str], also: Iterable[str] = ()
) -> Nearest:
    return Nearest(name, measure, distance, tuple(differences), tuple(also), ", ".join([name, *differences]))


def _same(ir: CellIR, reads: Mapping[str, Any] | None, names: list[str]) -> Nearest:
    known = textbook_cells()

    def fields(name: str) -> int:
        other = known[name].reads
        return wiring_distance(reads, other) if reads is not None and other is not None else 0

    name = min(
        names, key=lambda name: (fields(name), _starts(known[name].ir) != _starts(ir), name.startswith(GREFF), name)
    )
    other = known[name].reads
    words = wiring_differences(reads, other) if reads is not None and other is not None else []
    if not words and _starts(known[name].ir) != _starts(ir):
        words = ["other starting values"]
    return _nearest(name, "identity", 0, words, (other for other in names if other != name))


def _starts(ir: CellIR) -> tuple[list[float], list[float]]:
    """What biases and states start at, in order of size."""
    return sorted(affine.bias or 0.0 for affine in ir.affines), sorted(state.initial for state in ir.states)
