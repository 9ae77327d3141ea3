"""From lines of the grid to pixels: as near as sizes allow, lines that nothing uses taking no room.

Both axes alike. What must keep its distance are bars: a node or a piece of a line, with its place on an anchor and the
range that it covers on the other axis. Anchors keep their order; two bars on different anchors keep apart where their
ranges meet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Literal

from archsearch.diagram.measure import MARGIN, PITCH

NODES_APART = 26.0
LABELS_APART = 6.0
COLUMNS_APART = 20.0

BarKind = Literal["node", "line", "label"]


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
    found: dict[int, float] = {}
    done: list[Bar] = []
    by_anchor: dict[int, list[Bar]] = {}
    for bar in bars:
        by_anchor.setdefault(bar.anchor, []).append(bar)
    column = None
    place = 0.0
    for anchor in anchors:
        here = by_anchor.get(anchor, [])
        for bar in here:
            place = max([place, *(_least(found[other.anchor], other, bar) for other in done if _meet(other, bar))])
        if anchor in middles:
            if column is not None:
                place = max(place, found[column] + COLUMNS_APART)
            column = anchor
        found[anchor] = place
        done += here
    return found


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
