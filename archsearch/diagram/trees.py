"""Each net's lines as a tree. Which readers lie behind a piece decides how it is drawn."""

from __future__ import annotations

import dataclasses
from collections import deque

from archsearch.diagram.drawing import Style
from archsearch.diagram.grid import STEPS, Point
from archsearch.diagram.routes import Routed, Sink

Edge = tuple[Point, Point]
"""Two neighbouring points, on the way out of the net."""


@dataclasses.dataclass(frozen=True)
class LinePiece:
    """A line between two ends, branches or changes of style: its corners on the grid, its ends included."""

    net: str
    style: Style
    points: tuple[Point, ...]


def pieces_of(routed: Routed, net: str) -> list[LinePiece]:
    """A net's lines cut where they branch."""
    return _Tree(routed, net).pieces()


def branches_of(routed: Routed, net: str) -> list[Point]:
    """The points where a net's lines branch."""
    return sorted(p for p in routed.wires.points[net] if routed.wires.at[p][net].bit_count() > 2)


class _Tree:
    def __init__(self, routed: Routed, net: str) -> None:
        self.routed = routed
        self.net = net
        routes = routed.routes[net]
        self.starts = [route.start.point for route in routes.values() if route.start is not None]
        self.parents = self._parents()
        self.behind: dict[Edge, set[Sink]] = {}
        for sink, route in routes.items():
            point = route.end.point
            while point in self.parents:
                self.behind.setdefault((self.parents[point], point), set()).add(sink)
                point = self.parents[point]

    def _parents(self) -> dict[Point, Point]:
        waiting = deque(self.starts)
        parents: dict[Point, Point] = {}
        while waiting:
            point = waiting.popleft()
            for way, (dx, dy) in enumerate(STEPS):
                following = (point[0] + dx, point[1] + dy)
                joined = self.routed.wires.at[point][self.net] & (1 << way)
                if joined and following not in parents and following not in self.starts:
                    parents[following] = point
                    waiting.append(following)
        return parents

    def pieces(self) -> list[LinePiece]:
        children: dict[Point, list[Point]] = {}
        for child, parent in self.parents.items():
            children.setdefault(parent, []).append(child)
        forks = set(self.starts) | {point for point in children if len(children[point]) > 1}
        pieces = []
        for fork in sorted(forks):
            for child in sorted(children.get(fork, [])):
                points = [fork, child]
                while points[-1] not in forks and points[-1] in children:
                    points.append(children[points[-1]][0])
                pieces.append(LinePiece(self.net, self._style((fork, child)), _corners(points)))
        return pieces

    def _style(self, edge: Edge) -> Style:
        graph, sinks = self.routed.grid.graph, self.behind[edge]
        nodes = [(graph.nodes[key], index) for key, index in sinks]
        if graph.nodes[self.net].kind == "bundle":
            return "bundle"
        if all(node.reads[index].kind == "diagonal" for node, index in nodes):
            return "peephole"
        return "state" if any(self._on_its_line(key, index) for key, index in sinks) else "plain"

    def _on_its_line(self, key: str, index: int) -> bool:
        grid = self.routed.grid
        node = grid.graph.nodes[key]
        if node.kind == "next":
            return node.state in grid.graph.spines
        return node.kind == "operation" and grid.continues_line(node, index)


def _corners(points: list[Point]) -> tuple[Point, ...]:
    """The ends and the corners of a line."""
    inner = zip(points, points[1:], points[2:], strict=False)
    kept = [here for before, here, after in inner if before[0] != after[0] and before[1] != after[1]]
    return (points[0], *kept, points[-1])
