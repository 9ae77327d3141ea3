"""Routing every line of a placement, and laying each anew while that makes the whole better."""

from __future__ import annotations

import math
from collections.abc import Iterable

from archsearch.diagram.graph import SOURCES, Node
from archsearch.diagram.grid import Grid, Pin
from archsearch.diagram.placement import Placement
from archsearch.diagram.search import LineSearch
from archsearch.diagram.wires import Route, Wires

ROUNDS, MANY = 3, 35
"""How often all lines are laid anew; in a cell of more than `MANY` values just once."""
LEEWAY = 8.0
"""By how much a line's cost may rise when it is laid anew, since the others' may fall."""
FOUGHT = 1.5
"""By how much the cost of a point rises when two nets need it."""

Sink = tuple[str, int]
"""The key of a node, and the index of one of its reads."""


class Routed:
    """A placement with its lines: for each net, by its source's key, the routes by where they end."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.wires = Wires()
        self.search = LineSearch(grid, self.wires)
        self.routes: dict[str, dict[Sink, Route]] = {key: {} for key in grid.graph.nodes}
        self.sinks: dict[str, list[Sink]] = {key: [] for key in grid.graph.nodes}
        for node in grid.graph.nodes.values():
            for index, read in enumerate(node.reads):
                self.sinks[read.value].append((node.key, index))
        nets = [key for key in grid.graph.nodes if self.sinks[key]]
        self.nets = sorted(nets, key=lambda key: not self._on_a_line(key))

    @property
    def penalty(self) -> float:
        """How hard the drawing is to follow: crossings, corners, lengths."""
        cells = self.grid.placement.cells.values()
        size = len({column for column, _ in cells}) + len({row for _, row in cells})
        return self.wires.penalty + 2 * size

    def lay_all(self, rescues: int) -> bool:
        """Lay every net once; whether all fit."""
        waiting = []
        for net in self.nets:
            if not self._lay(net, self._near(net)):
                if not rescues:
                    return False
                waiting.append(net)
        for _ in range(rescues):
            if not waiting:
                return True
            net = waiting.pop(0)
            self._take(net)
            for victim in self._lay_in_the_way(net):
                self._take(victim)
                waiting.append(victim)
            self._take(net)
            waiting += [lifted for lifted in (net, *waiting) if not self.routes.get(lifted) and not self._lay(lifted)]
            waiting = [lifted for lifted in dict.fromkeys(waiting) if not self.routes.get(lifted)]
        return not waiting

    def improve(self) -> None:
        """Lay nets anew, one by one and those into one node in turn, while the whole gets better."""
        for _ in range(ROUNDS if len(self.nets) <= MANY else 1):
            before = self.wires.penalty
            for net in self.nets:
                if self.wires.is_straight(net):
                    continue
                self._try([net], {net: self._near(net)})
                if len(self.sinks[net]) > 1:
                    self._try([net], {net: self._far(net)})
            for node in self.grid.graph.nodes.values():
                values = list(dict.fromkeys(read.value for read in node.reads))
                if len(values) in (2, 3) and not all(map(self.wires.is_straight, values)):
                    self._try(values[::-1], {})
            if self.wires.penalty > before - 1e-9:
                return

    def _try(self, nets: list[str], orders: dict[str, list[Sink]]) -> None:
        """Lay nets anew in this order, and keep that if it is better."""
        before, old = self.wires.penalty, {net: self.routes[net] for net in nets}
        for net in nets:
            self._take(net)
        self.search.limit = LEEWAY + max(sum(route.cost for route in routes.values()) for routes in old.values())
        done = all(self._lay(net, orders.get(net)) for net in nets)
        self.search.limit = math.inf
        if done and self.wires.penalty < before - 1e-9:
            return
        for net in nets:
            self._take(net)
        for net, routes in old.items():
            self._put(net, routes.items())

    def _take(self, net: str) -> None:
        self.wires.lift(net)
        self.routes[net] = {}

    def _put(self, net: str, routes: Iterable[tuple[Sink, Route]]) -> None:
        """Lay routes of a net that are known."""
        for sink, route in routes:
            self.routes[net][sink] = route
            self.wires.lay(net, route)

    def _exits(self, net: str) -> list[Pin]:
        """Where a net's next line may begin; one from outside of the frame enters it once."""
        node = self.grid.graph.nodes[net]
        return [] if self.routes[net] and node.kind in SOURCES else self.grid.ways_out(node)

    def _lay(self, net: str, sinks: list[Sink] | None = None) -> bool:
        """Route a net to its readers in this order. -> whether all lines fit; if not, none is laid."""
        self.routes[net] = {}
        for key, index in sinks or self._near(net):
            exits = self._exits(net)
            way = self.search.route(net, exits, self.grid.ways_in(self.grid.graph.nodes[key], index))
            if way is None:
                self._take(net)
                return False
            self._put(net, [((key, index), way)])
        return True

    def _lay_in_the_way(self, net: str) -> list[str]:
        """Lay a net, over others where there is no other way. -> the nets that it lies on."""
        victims: list[str] = []
        for key, index in self._near(net):
            exits = self._exits(net)
            ends = self.grid.ways_in(self.grid.graph.nodes[key], index)
            victims += [owner for pin in (*exits, *ends) if (owner := self.wires.pins.get(pin.point, net)) != net]
            way = self.search.route(net, exits, ends, trespass=True)
            if way is not None:
                for point in way.points:
                    owners = [owner for owner in self.wires.at.get(point, {}) if owner != net]
                    victims += owners
                    if owners:
                        self.search.fought[point] = self.search.fought.get(point, 0.0) + FOUGHT
                self._put(net, [((key, index), way)])
        return sorted({victim for victim in victims if victim != net})

    def _near(self, net: str) -> list[Sink]:
        return sorted(self.sinks[net], key=lambda sink: self._rank(net, sink))

    def _far(self, net: str) -> list[Sink]:
        near = self._near(net)
        straight = [sink for sink in near if not self._rank(net, sink)[0]]
        return straight + [sink for sink in reversed(near) if sink not in straight]

    def _rank(self, net: str, sink: Sink) -> tuple[bool, int, str]:
        reader = self.grid.graph.nodes[sink[0]]
        straight = self.grid.continues_line(reader, sink[1]) or (reader.kind == "next" and self._on_a_line(net))
        cells = self.grid.placement.cells
        last = (self.grid.placement.columns, 0)
        here, there = cells.get(net, (0, 0)), cells.get(sink[0], last)
        return not straight, abs(here[0] - there[0]) + abs(here[1] - there[1]), sink[0]

    def _on_a_line(self, key: str) -> bool:
        node: Node = self.grid.graph.nodes[key]
        return key in self.grid.graph.on_lines or node.state in self.grid.graph.spines


def route(placement: Placement, gap: int, rescues: int = 0) -> Routed | None:
    """All lines of a placement, or None where they do not fit with `gap` free lines between columns and rows.

    Where a line does not fit, others are removed for it up to `rescues` times.
    """
    routed = Routed(Grid(placement, gap))
    return routed if routed.lay_all(rescues) else None
