"""A cell as a diagram of one step, in the manner of Olah 2015, Understanding LSTM networks; laid out by itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from archsearch.diagram.bands import bands_of
from archsearch.diagram.drawing import Drawing
from archsearch.diagram.fold import graph_of
from archsearch.diagram.graph import NodeGraph
from archsearch.diagram.layout import lay_out
from archsearch.diagram.placement import ORDERS, Placement, place
from archsearch.diagram.polish import polish
from archsearch.diagram.routes import Routed, route
from archsearch.diagram.svg import render
from archsearch.diagram.words import describe
from archsearch.errors import Refused
from archsearch.ir import CellIR

GAPS = (3, 5, 8)
"""Free lines between neighbouring columns and rows: the first number with which all lines fit."""
RESCUES = 20
"""Most times that laid lines are removed to make room for one that does not fit, before drawing is refused."""
CAREFUL = 2
"""Placements that are polished and routed again; only one in a cell of more than `MANY` lines."""
TRIES, LINES, MANY = 60, 25, 50
"""Placements that are tried for a cell of at most `LINES` lines; inversely fewer for a larger cell."""

__all__ = ["draw", "draw_svg"]


def draw_svg(ir: CellIR, tries: int | None = None, *, styled: bool = True) -> str:
    """One step of a cell as the text of an SVG file; the same cell gives the same text.

    `tries` is that of `draw`; without `styled` the colours are left to the page that the drawing stands in.
    """
    return render(draw(ir, tries), styled=styled)


def draw(ir: CellIR, tries: int | None = None) -> Drawing:
    """One step of a cell, laid out: of several ways to place its nodes the one that is easiest to follow.

    `tries` bounds how many are tried beyond the first few. Raises `Refused` where no way is found to lay the lines.
    """
    graph = graph_of(ir)
    lines = sum(len(node.reads) for node in graph.nodes.values())
    tries_left = min(TRIES, TRIES * LINES // max(lines, 1)) if tries is None else tries
    best_first = sorted(_routed(_placements(graph)), key=_penalty)
    if not best_first:
        raise Refused(f"the lines of {ir.cell} cross too often to be drawn")
    promising = best_first[: CAREFUL if tries_left and lines <= MANY else 1]
    polished = [polish(routed, tries_left // len(promising)) for routed in promising]
    for routed in polished:
        routed.improve()
    return lay_out(min(polished, key=_penalty), f"One step of the cell {ir.cell}", describe(ir, graph))


def _routed(placements: Sequence[Placement]) -> list[Routed]:
    """Placements with their lines, each with the smallest gap in which they fit."""
    routed = []
    for placement in placements:
        ways = (route(placement, gap) for gap in GAPS)
        routed += [*itertools.islice(filter(None, ways), 1)]
    if routed:
        return routed
    last = (route(placement, gap, rescues=RESCUES) for placement in placements for gap in GAPS)
    return [*itertools.islice(filter(None, last), 1)]


def _placements(graph: NodeGraph) -> list[Placement]:
    """The distinct placements of a graph, by order of its nodes and of its states' lines."""
    placements: list[Placement] = []
    for upside_down in (False, True)[: 1 + (len(graph.spines) > 1)]:
        bands = bands_of(graph, upside_down)
        for order in ORDERS:
            placement = place(graph, bands, order)
            if placement.cells not in [other.cells for other in placements]:
                placements.append(placement)
    return placements


def _penalty(routed: Routed) -> float:
    return routed.penalty
