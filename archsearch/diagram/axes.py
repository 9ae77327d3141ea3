"""From lines of the grid to pixels: as near as sizes allow, lines that nothing uses taking no room.

Both axes alike. What must keep its distance are bars: a node, a label or a piece of a line, with its place on an anchor
and the range that it covers on the other axis. Anchors keep their order; two bars on different anchors keep apart where
their ranges meet.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from archsearch.diagram.graph import ENDS, SOURCES
from archsearch.diagram.grid import Axis
from archsearch.diagram.measure import MARGIN, MARK, PITCH, PORT_SIZE, shortened, size_of, text_width
from archsearch.diagram.routes import Routed
from archsearch.diagram.trees import LinePiece

NODES_APART = 26.0
LABELS_APART = 6.0
COLUMNS_APART = 20.0

BarKind = Literal["node", "line", "label"]
BESIDE = 7.0
"""By how much a line or node keeps others from its height beyond its own ends."""
FRAME = 6.0
_OUTSIDE = 1e6


class LinePlaces:
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


def places_on(axis: int, routed: Routed, pieces: list[LinePiece], crossing: LinePlaces | None = None) -> LinePlaces:
    """Where the lines of an axis lie, 0 across and 1 down, and with them the middles of its columns or rows.

    `crossing` are the places on the other axis. Until they are known, what stands side by side is judged by the grid.
    """
    grid, other = routed.grid, 1 - axis
    lines = (grid.across, grid.down)[axis]
    place, margin = (crossing, BESIDE) if crossing else (float, 0.0)
    bars = [Bar(line, 0, FRAME, -_OUTSIDE / 2, _OUTSIDE / 2, "line") for line in (0, lines.count - 1)]
    for key in grid.placement.cells:
        node, middle = grid.graph.nodes[key], grid.middle(key)
        half = size_of(node)[axis] / 2 + MARK / 2 * any(read.mark for read in node.reads)
        reach = size_of(node)[other] / 2 + margin if crossing else grid.half(key)[other]
        at = place(middle[other])
        bars.append(Bar(middle[axis], 0, half, at - reach, at + reach, "node"))
    for piece in pieces:
        for one, following in itertools.pairwise(piece.points):
            if one[axis] == following[axis]:
                low, high = sorted(map(place, (one[other], following[other])))
                bars.append(Bar(*anchored(lines, one[axis]), 0, low - margin, high + margin, "line"))
    for key, line in _ends(routed, axis):
        node = grid.graph.nodes[key]
        half = (text_width(shortened(node.name), PORT_SIZE), PORT_SIZE)[axis] / 2
        away = _OUTSIDE if node.kind in ("input", "next") else -_OUTSIDE
        bars.append(Bar(*anchored(lines, line), half, away, away, "label"))
    middles = {bar.anchor for bar in bars if bar.kind == "node"}
    return LinePlaces(lines, positions(bars, sorted({bar.anchor for bar in bars}), middles))


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


@dataclasses.dataclass(frozen=True)
class Bar:
    """Something that needs room on an axis."""

    anchor: int
    offset: float
    half: float
    low: float
    high: float
    kind: BarKind


def positions(bars: Sequence[Bar], anchors: Sequence[int], middles: Collection[int]) -> dict[int, float]:
    """A place for each anchor in the order of `anchors`, the first at 0; `middles` are those of columns or rows."""
    places: dict[int, float] = {}
    done: list[Bar] = []
    by_anchor: dict[int, list[Bar]] = {}
    for bar in bars:
        by_anchor.setdefault(bar.anchor, []).append(bar)
    column = None
    place = 0.0
    for anchor in anchors:
        here = by_anchor.get(anchor, [])
        for bar in here:
            place = max([place, *(_least(places[other.anchor], other, bar) for other in done if _meet(other, bar))])
        if anchor in middles:
            if column is not None:
                place = max(place, places[column] + COLUMNS_APART)
            column = anchor
        places[anchor] = place
        done += here
    return places


def _meet(one: Bar, other: Bar) -> bool:
    return one.low <= other.high and other.low <= one.high


def _least(place: float, bar: Bar, following: Bar) -> float:
    """The least place of `following`'s anchor, after `bar` on an anchor at `place`."""
    return place + bar.offset + bar.half + _apart(bar, following) + following.half - following.offset


def _apart(one: Bar, other: Bar) -> float:
    kinds = {one.kind, other.kind}
    if kinds == {"line"}:
        return PITCH
    if "label" in kinds:
        return LABELS_APART
    return NODES_APART if kinds == {"node"} else MARGIN
