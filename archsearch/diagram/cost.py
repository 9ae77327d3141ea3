"""How good places are, judged from straight lines: lengths, bends, and nodes in the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from archsearch.diagram.bands import Bands
from archsearch.diagram.graph import Node, NodeGraph

Cell = tuple[int, int]
"""Column and row."""

ACROSS, UPWARD, BEND, BLOCKED, COLUMN, ROW = 1.0, 0.7, 0.8, 4.0, 1.2, 0.8


class Places:
    """The cells of nodes while they are being placed."""

    def __init__(self, graph: NodeGraph, bands: Bands) -> None:
        self.graph = graph
        self.bands = bands
        self.readers = graph.readers()
        self.row_on_line = {key: bands.lines[state] for state, path in graph.spines.items() for key in path}
        self.step = 1
        self.cells: dict[str, Cell] = {}
        self.taken: dict[Cell, str] = {}

    @property
    def columns(self) -> int:
        """The first column right of all nodes."""
        return max((column for column, _ in self.cells.values()), default=-self.step) + self.step

    def put(self, key: str, cell: Cell) -> None:
        """Put a node without a cell into one."""
        self.cells[key] = cell
        self.taken[cell] = key

    def move(self, moved: Mapping[str, Cell]) -> None:
        """Give nodes other cells, all at once."""
        for key in moved:
            del self.taken[self.cells[key]]
        for key, cell in moved.items():
            self.put(key, cell)

    def spread(self) -> None:
        """Leave an empty column before, between and after those in use."""
        self.step = 2
        self.move({key: (2 * column + 1, row) for key, (column, row) in self.cells.items()})

    def close_gaps(self) -> None:
        """Leave out empty columns."""
        self.step = 1
        self.move(without_gaps(self.cells))

    def rows(self, node: Node) -> Sequence[int]:
        """The rows in which a node may stand."""
        if node.key in self.row_on_line:
            return [self.row_on_line[node.key]]
        if node.kind == "gate":
            return [self.bands.gates]
        return [self.bands.bundles[node.key]] if node.kind == "bundle" else self.bands.operation_rows()

    def exchanges(self) -> Iterator[dict[str, Cell]]:
        """The new cells where two neighbouring columns change places, for each such pair."""
        for one, other in itertools.pairwise(sorted({column for column, _ in self.cells.values()})):
            swap = {one: other, other: one}
            yield {key: (swap[column], row) for key, (column, row) in self.cells.items() if column in swap}

    def sound(self) -> bool:
        """Whether every node stands right of what it reads, or above or below it where that is enough."""
        return all(self._in_order(key, cell) for key, cell in self.cells.items())

    def _in_order(self, key: str, cell: Cell) -> bool:
        node = self.graph.nodes[key]
        kinds = {self.graph.nodes[other].kind for other in self.in_column(cell[0])}
        if node.kind == "gate" and "bundle" in kinds:
            return False
        for read in node.reads:
            before = self.cells.get(read.value)
            if before is not None and before[0] >= cell[0]:
                beside = node.kind in ("gate", "bundle") or before[1] == cell[1]
                if beside or before[0] > cell[0]:
                    return False
        return True

    def in_column(self, column: int) -> list[str]:
        """The nodes in a column."""
        return [key for key, cell in self.cells.items() if cell[0] == column]

    def cell_of(self, node: Node) -> Cell | None:
        """A node's cell, outside of the others for an end; None for an input and for a node without a cell yet."""
        if node.kind == "previous":
            return (-self.step, self.bands.lines[node.state])
        if node.kind == "next":
            return (self.columns, self.bands.lines[node.state])
        if node.kind == "output":
            return (self.columns, 0)
        return self.cells.get(node.key)

    def between(self, one: Cell, other: Cell) -> int:
        """How many nodes stand on the straight line from one cell to another in the same column or row."""
        if one[0] == other[0]:
            low, high = sorted((one[1], other[1]))
            return sum((one[0], row) in self.taken for row in range(low + 1, high))
        low, high = sorted((one[0], other[0]))
        return sum((column, one[1]) in self.taken for column in range(low + 1, high))


def without_gaps(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The same cells without empty columns."""
    used = sorted({column for column, _ in cells.values()})
    return {key: (used.index(column), row) for key, (column, row) in cells.items()}


def total(places: Places) -> float:
    """The cost of all lines and columns."""
    nodes, by_source = places.graph.nodes, places.readers.items()
    lines = sum(_line(places, nodes[key], reader, read.kind) for key, readers in by_source for reader, read in readers)
    columns, rows = zip(*places.cells.values(), strict=True) if places.cells else ((), ())
    return lines + COLUMN * len(set(columns)) + ROW * len(set(rows))


def cost(places: Places, key: str, cell: Cell) -> float:
    """The cost of the lines into and out of a node if it stood at `cell`."""
    node = places.graph.nodes[key]
    old = places.cells.get(key)
    if old is not None:
        del places.taken[old]
    places.put(key, cell)
    into = sum(_line(places, places.graph.nodes[read.value], node, read.kind) for read in node.reads)
    out = sum(_line(places, node, reader, read.kind) for reader, read in places.readers[key])
    del places.taken[cell], places.cells[key]
    if old is not None:
        places.put(key, old)
    return into + out


def _line(places: Places, source: Node, reader: Node, kind: str) -> float:
    start, end = places.cell_of(source), places.cell_of(reader)
    if start is None or end is None:
        return 0.0
    across, upward = abs(end[0] - start[0]), abs(end[1] - start[1])
    length = ACROSS * across / places.step + UPWARD * upward
    if across == 0 and source.key in places.graph.on_lines:
        return length + 4 * BEND + BLOCKED * places.between(start, end)  # it leaves to the right, and comes back
    if across == 0 or upward == 0:
        return length + BLOCKED * places.between(start, end)
    if kind in ("matrix", "member"):
        around = source.kind in ("gate", "operation")  # up and out, then down below the gates
        return length + BEND * (3 if around else 1)
    if kind == "diagonal" or source.kind == "previous":
        beside = 0.3 if kind == "diagonal" else 1.0  # a peephole enters a gate beside its middle
        return 0.3 * length + BEND + BLOCKED * beside * places.between((end[0], start[1]), end)
    corner = (start[0], end[1]) if end[1] < start[1] else (end[0], start[1])
    return length + BEND + BLOCKED * 0.6 * (places.between(start, corner) + places.between(corner, end))
