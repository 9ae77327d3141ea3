"""What needs room on each axis of a routed drawing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from archsearch.diagram.compact import Bar, positions
from archsearch.diagram.graph import ENDS, SOURCES
from archsearch.diagram.grid import Axis
from archsearch.diagram.measure import MARK, PITCH, PORT_SIZE, shortened, size_of, text_width
from archsearch.diagram.routes import Routed
from archsearch.diagram.trees import Piece

BESIDE = 7.0
"""By how much a line or node keeps others from its height beyond its own ends."""
FRAME = 6.0
_OUTSIDE = 1e6


class Places:
    """The place in pixels of every line of one axis that is used."""

    def __init__(self, axis: Axis, anchors: Mapping[int, float]) -> None:
        self.axis = axis
        self.anchors = anchors

    def __call__(self, line: int) -> float:
        """Where a line lies."""
        anchor, offset = anchored(self.axis, line)
        return self.anchors[anchor] + offset


def anchored(axis: Axis, line: int) -> tuple[int, float]:
    """The anchor of a line, and its offset from there: lines within a column hang on the column's middle."""
    for middle, half in zip(axis.middles, axis.halves, strict=True):
        if abs(line - middle) <= half:
            return middle, (line - middle) * PITCH
    return line, 0.0


def places_across(routed: Routed, pieces: list[Piece]) -> Places:
    """Where vertical lines and the middles of columns lie."""
    grid = routed.grid
    bars = [Bar(line, 0, FRAME, 0, grid.down.count, "line") for line in (0, grid.across.count - 1)]
    for key in grid.placement.cells:
        node = grid.graph.nodes[key]
        (x, y), high = grid.middle(key), grid.half(key)[1]
        half = size_of(node)[0] / 2 + MARK / 2 * any(read.mark for read in node.reads)
        bars.append(Bar(x, 0, half, y - high, y + high, "node"))
    for piece in pieces:
        for one, other in itertools.pairwise(piece.points):
            if one[0] == other[0]:
                low, high = sorted((one[1], other[1]))
                bars.append(Bar(*anchored(grid.across, one[0]), 0, low, high, "line"))
    for key, x in _ends(routed, 0):
        half = text_width(shortened(grid.graph.nodes[key].name), PORT_SIZE) / 2
        below = _OUTSIDE if grid.graph.nodes[key].kind == "input" else -_OUTSIDE
        bars.append(Bar(*anchored(grid.across, x), half, below, below, "label"))
    return _places(grid.across, bars)


def places_down(routed: Routed, pieces: list[Piece], across: Places) -> Places:
    """Where horizontal lines and the middles of rows lie."""
    grid = routed.grid
    whole = (-_OUTSIDE / 2, _OUTSIDE / 2)
    bars = [Bar(line, 0, FRAME, *whole, "line") for line in (0, grid.down.count - 1)]
    for key in grid.placement.cells:
        node = grid.graph.nodes[key]
        width, height = size_of(node)
        x, y = grid.middle(key)
        half = height / 2 + MARK / 2 * any(read.mark for read in node.reads)
        beside = width / 2 + BESIDE
        bars.append(Bar(y, 0, half, across(x) - beside, across(x) + beside, "node"))
    for piece in pieces:
        for one, other in itertools.pairwise(piece.points):
            if one[1] == other[1]:
                low, high = sorted((across(one[0]), across(other[0])))
                bars.append(Bar(*anchored(grid.down, one[1]), 0, low - BESIDE, high + BESIDE, "line"))
    for key, y in _ends(routed, 1):
        beside = -_OUTSIDE if grid.graph.nodes[key].kind == "previous" else _OUTSIDE
        bars.append(Bar(*anchored(grid.down, y), PORT_SIZE / 2, beside, beside, "label"))
    return _places(grid.down, bars)


def _places(axis: Axis, bars: list[Bar]) -> Places:
    anchors = sorted({bar.anchor for bar in bars})
    middles = {bar.anchor for bar in bars if bar.kind == "node"}
    return Places(axis, positions(bars, anchors, middles))


def _ends(routed: Routed, axis: int) -> Iterator[tuple[str, int]]:
    """The nodes at the frame whose labels lie along an axis, and the line at which they stand."""
    horizontal = ("input", "output") if axis == 0 else ("previous", "next")
    for key, node in routed.grid.graph.nodes.items():
        point = end_point(routed, key) if node.kind in horizontal else None
        if point is not None:
            yield key, point[axis]


def end_point(routed: Routed, key: str) -> tuple[int, int] | None:
    """Where an end's line meets the frame; None for an end without a line."""
    node = routed.grid.graph.nodes[key]
    if node.kind in SOURCES:
        starts = [route.start for route in routed.routes.get(key, {}).values() if route.start is not None]
        return starts[0].point if starts else None
    if node.kind in ENDS:
        return routed.routes[node.reads[0].value][key, 0].end.point
    return None
