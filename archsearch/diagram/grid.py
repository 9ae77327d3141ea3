"""The grid on which lines are routed: where nodes lie on it, and where lines may enter and leave them."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

from archsearch.diagram.graph import Node, Read
from archsearch.diagram.measure import half_lines, inputs_below, inputs_left, size_of
from archsearch.diagram.placement import Placement

Point = tuple[int, int]
RIGHT, DOWN, LEFT, UP = range(4)
STEPS: tuple[Point, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclasses.dataclass(frozen=True)
class Pin:
    """Where a line meets a node: the point on the node's edge, and the direction in which a line goes there in."""

    point: Point
    inward: int


@dataclasses.dataclass(frozen=True)
class Axis:
    """The lines of one direction: the middle of each column (or row), how far it reaches, and all lines."""

    middles: list[int]
    halves: list[int]
    count: int


def axis(halves: list[int], gap: int) -> Axis:
    """Columns with `gap` free lines between and around them, and a line for the frame on both sides."""
    middles, line = [], 1 + gap
    for half in halves:
        middles.append(line + half)
        line += 2 * half + 1 + gap
    return Axis(middles, halves, line + 1)


class Grid:
    """A placement on lines; `gap` free lines lie between neighbouring columns and rows."""

    def __init__(self, placement: Placement, gap: int) -> None:
        self.placement = placement
        self.graph = placement.graph
        self.gap = gap
        widths, heights = _extents(placement)
        self.across = axis([half_lines(width) for width in widths], gap)
        self.down = axis([half_lines(height) for height in heights], gap)
        self.blocked = {point for key in placement.cells for point in self.points_of(key)}
        self.blocked |= self._frame()
        self.straight = set(self._before_pins())
        """Points beside nodes, where lines neither bend nor branch: there may be a way into the node or out of it."""

    def middle(self, key: str) -> Point:
        """The middle of a node inside the frame."""
        column, row = self.placement.cells[key]
        return self.across.middles[column], self.down.middles[row]

    def half(self, key: str) -> Point:
        """How far a node reaches from its middle, in lines: as far as its column and row."""
        column, row = self.placement.cells[key]
        return self.across.halves[column], self.down.halves[row]

    def points_of(self, key: str) -> list[Point]:
        """The points that a node covers."""
        (x, y), (wide, high) = self.middle(key), self.half(key)
        return list(itertools.product(range(x - wide, x + wide + 1), range(y - high, y + high + 1)))

    def _frame(self) -> set[Point]:
        right, bottom = self.across.count - 1, self.down.count - 1
        sides = itertools.product((0, right), range(bottom + 1))
        return {*sides, *itertools.product(range(right + 1), (0, bottom))}

    def _before_pins(self) -> Iterator[Point]:
        for key in self.placement.cells:
            pins = [*self._sides(key)]
            if self.graph.nodes[key].kind == "gate":
                pins += self._along(pins[UP], 3)
            for pin in pins:
                dx, dy = STEPS[pin.inward]
                yield pin.point[0] - dx, pin.point[1] - dy

    def ways_out(self, node: Node) -> list[Pin]:
        """Where a node's line may begin; `inward` points into the node."""
        if node.kind == "input":
            return [Pin((x, self.down.count - 1), DOWN) for x in self._below_first_reader(node)]
        if node.kind == "previous":
            return [Pin((0, self.down.middles[self.placement.bands.lines[node.state]]), LEFT)]
        right, down, _, up = self._sides(node.key)
        if node.kind == "gate":
            return [up]
        sideways = node.kind == "bundle" or node.key in self.graph.on_lines or len(node.reads) > 2
        return [right] if sideways else [right, up, down]

    def ways_in(self, node: Node, index: int) -> list[Pin]:
        """Where the line of the read with this index may enter a node."""
        read = node.reads[index]
        last = self.across.count - 1
        if node.kind == "next":
            return [Pin((last, self.down.middles[self.placement.bands.lines[node.state]]), RIGHT)]
        if node.kind == "output":
            return [Pin((x, 0), UP) for x in range(last - self.gap, last)]
        if node.kind == "gate":
            return self._into_gate(node, read)
        _, down, left, up = self._sides(node.key)
        if node.kind == "bundle":
            return [*self._along(left, inputs_left(node)), down, up]
        below = self._along(down, inputs_below(node))
        if self.continues_line(node, index):
            return [left]
        return [*below, up] if node.key in self.graph.on_lines else [left, *below, up]

    def _into_gate(self, node: Node, read: Read) -> list[Pin]:
        _, down, left, up = self._sides(node.key)
        if read.kind == "matrix":
            return self._along(down, inputs_below(node))
        beside = [Pin((up.point[0] + offset, up.point[1]), DOWN) for offset in (-1, 1)]
        if sum(read.kind == "diagonal" for read in node.reads) <= len(beside):
            return beside
        right = Pin((self.middle(node.key)[0] + self.half(node.key)[0], left.point[1]), LEFT)
        return [*beside, *self._along(left, 3), *self._along(right, 3)]

    def _sides(self, key: str) -> tuple[Pin, Pin, Pin, Pin]:
        """The middles of a node's sides: right, bottom, left, top; `inward` is that of a line going in."""
        (x, y), (wide, high) = self.middle(key), self.half(key)
        return Pin((x + wide, y), LEFT), Pin((x, y + high), UP), Pin((x - wide, y), RIGHT), Pin((x, y - high), DOWN)

    @staticmethod
    def _along(middle: Pin, count: int) -> list[Pin]:
        """Pins around the middle of a side, those in the middle first; one more where `count` is even."""
        reach = count // 2
        offsets = sorted(range(-reach, reach + 1), key=lambda offset: (abs(offset), offset))
        x, y = middle.point
        if middle.inward in (UP, DOWN):
            return [Pin((x + offset, y), middle.inward) for offset in offsets]
        return [Pin((x, y + offset), middle.inward) for offset in offsets]

    def continues_line(self, node: Node, index: int) -> bool:
        """Whether this read is the state's line that runs through the node."""
        source = self.graph.nodes[node.reads[index].value]
        if source in [self.graph.nodes[read.value] for read in node.reads[:index]]:
            return False
        for state, path in self.graph.spines.items():
            if node.key in path:
                at = path.index(node.key)
                before = path[at - 1] if at else ""
                return source.key == before or (not at and source.kind == "previous" and source.state == state)
        return False

    def _below_first_reader(self, node: Node) -> list[int]:
        """Where an input may come in: no further right than the first node that reads it."""
        readers = [reader.key for reader, _ in self.graph.readers()[node.key]]
        columns = [self.placement.cells[key][0] for key in readers if key in self.placement.cells]
        first = min(columns, default=0)
        if not self.placement.columns:
            return list(range(1, self.across.count - 1))
        return list(range(1, self.across.middles[first] + self.across.halves[first] + 1))


def _extents(placement: Placement) -> tuple[list[float], list[float]]:
    widths = [0.0] * placement.columns
    heights = [0.0] * placement.bands.rows
    for key, (column, row) in placement.cells.items():
        width, height = size_of(placement.graph.nodes[key])
        widths[column], heights[row] = max(widths[column], width), max(heights[row], height)
    return widths, heights
