"""Better places for nodes, judged by the lines that they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from archsearch.diagram.cost import Cell, Places, total, without_gaps
from archsearch.diagram.placement import Placement
from archsearch.diagram.routes import Routed, route

REACH = 4
"""How far a node is moved at once, in half columns."""
AT_ONCE = 12
"""How many neighbours of a placement are routed: those that look best before."""


def polish(routed: Routed, tries: int) -> Routed:
    """The best of a routed placement and up to `tries` others, each one move away from the best so far."""
    best, gap = routed, routed.grid.gap
    tried = [routed.grid.placement.cells]
    while True:
        before = best
        for placement in _neighbours(best.grid.placement)[:AT_ONCE]:
            if len(tried) > tries:
                return best
            if placement.cells in tried:
                continue
            tried.append(placement.cells)
            other = route(placement, gap)
            if other is not None and other.penalty < best.penalty - 1e-9:
                best = other
                break
        if best is before:
            return best


def _neighbours(placement: Placement) -> list[Placement]:
    """Placements that differ in one node's cell, or in the order of two columns; those that look best first."""
    neighbours: list[tuple[float, dict[str, Cell]]] = []
    places = _places(placement)
    start = dict(places.cells)
    for moved in [*_moves(places), *places.exchanges()]:
        old = {key: places.cells[key] for key in moved}
        places.move(moved)
        if places.sound():
            neighbours.append((total(places), dict(places.cells)))
        places.move(old)
    assert places.cells == start
    neighbours.sort(key=lambda neighbour: (neighbour[0], sorted(neighbour[1].items())))
    return [Placement(placement.graph, placement.bands, without_gaps(cells)) for _, cells in neighbours]


def _places(placement: Placement) -> Places:
    places = Places(placement.graph, placement.bands)
    for key, cell in placement.cells.items():
        places.put(key, cell)
    places.spread()
    return places


def _moves(places: Places) -> Iterator[dict[str, Cell]]:
    for key, (column, _) in list(places.cells.items()):
        for near in range(max(column - REACH, 0), column + REACH + 1):
            for row in places.rows(places.graph.nodes[key]):
                if (near, row) not in places.taken:
                    yield {key: (near, row)}
