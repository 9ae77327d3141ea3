"""Which column and row each node gets: first one after the other, then moved to where lines are short."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from archsearch.diagram.bands import Bands
from archsearch.diagram.cost import Cell, Places, cost, total
from archsearch.diagram.graph import Graph, Node
from archsearch.diagram.order import Order, drawing_order

MOST_ROUNDS = 8


@dataclasses.dataclass(frozen=True)
class Placement:
    """The column and row of each node that is not an end on the frame, and the number of columns."""

    graph: Graph
    bands: Bands
    cells: dict[str, Cell]
    columns: int


def place(graph: Graph, bands: Bands, order: Order) -> Placement:
    """Columns and rows for the nodes of a graph, the same for the same graph."""
    work = _Placing(graph, bands)
    for node in drawing_order(graph, order):
        work.add(node)
    for _ in range(MOST_ROUNDS):
        if not work.improve():
            break
    return work.finished()


class _Placing:
    def __init__(self, graph: Graph, bands: Bands) -> None:
        self.graph = graph
        self.bands = bands
        self.row_of_spine = {key: bands.lines[state] for state, path in graph.spines.items() for key in path}
        self.places = Places(graph, bands)

    def add(self, node: Node) -> None:
        """Give a node its first place, right of or above all that it reads."""
        low = self._lowest_column(node)
        options = [cell for cell in self._cells(node, low, self.places.columns + 1) if self._free(node, cell)]
        best = min(options, key=lambda cell: (self._first_cost(node, cell), cell))
        self.places.put(node.key, best)

    def _free(self, node: Node, cell: Cell) -> bool:
        beside = {self.graph.nodes[key].kind for key in self.places.in_column(cell[0])} | {node.kind}
        return cell not in self.places.taken and not beside >= {"gate", "bundle"}

    def _first_cost(self, node: Node, cell: Cell) -> float:
        new_column = 1.5 * (cell[0] >= self.places.columns)
        return cost(self.places, node.key, cell) + new_column

    def improve(self) -> bool:
        """Move nodes to better places, one after the other, and exchange neighbouring columns."""
        before = total(self.places)
        self.places.spread()
        for node in list(self.places.movable()):
            self._move(node)
        self.places.close_gaps()
        for column in range(self.places.columns - 1):
            self._exchange(column)
        return total(self.places) < before - 1e-9

    def _move(self, node: Node) -> None:
        here = self.places.cells[node.key]
        best, least = here, cost(self.places, node.key, here)
        for cell in self._cells(node, self._lowest_column(node), self._highest_column(node)):
            if not self._free(node, cell):
                continue
            found = cost(self.places, node.key, cell)
            if found < least - 1e-9:
                best, least = cell, found
        if best != here:
            self._keep_if_better({node.key: best})

    def _exchange(self, column: int) -> None:
        pair = (column, column + 1)
        moved = {
            key: (pair[1 - pair.index(cell[0])], cell[1]) for key, cell in self.places.cells.items() if cell[0] in pair
        }
        self._keep_if_better(moved)

    def _keep_if_better(self, moved: dict[str, Cell]) -> None:
        before = total(self.places)
        old = {key: self.places.cells[key] for key in moved}
        self.places.move(moved)
        if not self.places.sound() or total(self.places) >= before - 1e-9:
            self.places.move(old)

    def _cells(self, node: Node, low: int, high: int) -> Iterator[Cell]:
        rows: range | list[int] = self.bands.operation_rows()
        if node.key in self.row_of_spine:
            rows = [self.row_of_spine[node.key]]
        elif node.kind == "gate":
            rows = [self.bands.gates]
        elif node.kind == "bundle":
            rows = [self.bands.bundles[node.key]]
        return ((column, row) for column in range(low, high) for row in rows)

    def _lowest_column(self, node: Node) -> int:
        line = self.row_of_spine.get(node.key, -1)
        cells, found = self.places.cells, [0]
        for read in node.reads:
            if read.value in cells:
                later = node.kind in ("gate", "bundle") or self.row_of_spine.get(read.value, -2) == line
                found.append(cells[read.value][0] + later)
        return max(found)

    def _highest_column(self, node: Node) -> int:
        readers = self.places.readers[node.key]
        found = [
            self.places.cells[reader.key][0] + (reader.kind not in ("gate", "bundle"))
            for reader, _ in readers
            if reader.key in self.places.cells
        ]
        return min(found, default=self.places.columns + 1)

    def finished(self) -> Placement:
        self.places.close_gaps()
        return Placement(self.graph, self.bands, dict(self.places.cells), self.places.columns)
