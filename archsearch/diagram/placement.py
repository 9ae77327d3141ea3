"""Which column and row each node gets: first one after another, below what it reads; then moved to shorten lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

from archsearch.diagram.bands import Bands
from archsearch.diagram.cost import Cell, Places, cost, total, without_gaps
from archsearch.diagram.graph import ENDS, Node, NodeGraph, Read

Order = Literal["as written", "deep first", "shallow first", "in equation order"]
ORDERS: tuple[Order, ...] = ("as written", "deep first", "shallow first", "in equation order")

MOST_ROUNDS = 8


@dataclasses.dataclass(frozen=True)
class Placement:
    """The column and row of each node that is not an end on the frame."""

    graph: NodeGraph
    bands: Bands
    cells: dict[str, Cell]

    @property
    def columns(self) -> int:
        """The number of columns, none of which is empty."""
        return 1 + max((column for column, _ in self.cells.values()), default=-1)


def place(graph: NodeGraph, bands: Bands, order: Order) -> Placement:
    """Columns and rows for the nodes of a graph, the same for the same graph."""
    work = _Placing(graph, bands)
    for node in _drawing_order(graph, order):
        work.add(node)
    for _ in range(MOST_ROUNDS):
        if not work.improve():
            break
    return work.finished()


class _Placing:
    def __init__(self, graph: NodeGraph, bands: Bands) -> None:
        self.graph = graph
        self.bands = bands
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
        for key in reversed(list(self.places.cells)):  # the latest first
            self._move(self.graph.nodes[key])
        self.places.close_gaps()
        for moved in self.places.exchanges():
            self._keep_if_better(moved)
        return total(self.places) < before - 1e-9

    def _move(self, node: Node) -> None:
        here = self.places.cells[node.key]
        best, least = here, cost(self.places, node.key, here)
        for cell in self._cells(node, self._lowest_column(node), self._highest_column(node)):
            if not self._free(node, cell):
                continue
            candidate_cost = cost(self.places, node.key, cell)
            if candidate_cost < least - 1e-9:
                best, least = cell, candidate_cost
        if best != here:
            self._keep_if_better({node.key: best})

    def _keep_if_better(self, moved: dict[str, Cell]) -> None:
        before = total(self.places)
        old = {key: self.places.cells[key] for key in moved}
        self.places.move(moved)
        if not self.places.sound() or total(self.places) >= before - 1e-9:
            self.places.move(old)

    def _cells(self, node: Node, low: int, high: int) -> Iterator[Cell]:
        return ((column, row) for column in range(low, high) for row in self.places.rows(node))

    def _lowest_column(self, node: Node) -> int:
        line = self.places.row_on_line.get(node.key, -1)
        cells, columns = self.places.cells, [0]
        for read in node.reads:
            if read.value in cells:
                later = node.kind in ("gate", "bundle") or self.places.row_on_line.get(read.value, -2) == line
                columns.append(cells[read.value][0] + later)
        return max(columns)

    def _highest_column(self, node: Node) -> int:
        readers = self.places.readers[node.key]
        columns = [
            self.places.cells[reader.key][0] + (reader.kind not in ("gate", "bundle"))
            for reader, _ in readers
            if reader.key in self.places.cells
        ]
        return min(columns, default=self.places.columns + 1)

    def finished(self) -> Placement:
        return Placement(self.graph, self.bands, without_gaps(self.places.cells))


def _drawing_order(graph: NodeGraph, order: Order) -> list[Node]:
    """The nodes that get a place inside the frame, states' lines first."""
    if order == "in equation order":
        return [node for node in graph.nodes.values() if node.kind in _INSIDE]
    return _Walk(graph, order).nodes()


_INSIDE = ("gate", "operation", "bundle", "constant")


class _Walk:
    """Depth first from the ends, so that what is used together stands together."""

    def __init__(self, graph: NodeGraph, order: Order) -> None:
        self.graph = graph
        self.sign = {"as written": 0, "deep first": -1, "shallow first": 1}[order]
        self.depth: dict[str, int] = {}
        for node in graph.nodes.values():
            self.depth[node.key] = 1 + max((self.depth[read.value] for read in node.reads), default=0)
        self.visited: dict[str, Node] = {}

    def nodes(self) -> list[Node]:
        ends = sorted(self.graph.of_kind(*ENDS), key=lambda end: end.state not in self.graph.spines)
        for end in ends:
            self._visit(end)
        return [node for node in self.visited.values() if node.kind in _INSIDE]

    def _visit(self, node: Node) -> None:
        if node.key in self.visited:
            return
        for read in sorted(node.reads, key=self._rank):
            self._visit(self.graph.nodes[read.value])
        self.visited[node.key] = node

    def _rank(self, read: Read) -> int:
        return self.sign * self.depth[read.value]
