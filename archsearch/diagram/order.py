"""The order in which nodes are placed: each after all that it reads."""

from __future__ import annotations

from typing import Literal

from archsearch.diagram.graph import ENDS, Graph, Node, Read

Order = Literal["as written", "deep first", "shallow first", "in equation order"]
ORDERS: tuple[Order, ...] = ("as written", "deep first", "shallow first", "in equation order")


def drawing_order(graph: Graph, order: Order) -> list[Node]:
    """The nodes that get a place inside the frame, states' lines first."""
    if order == "in equation order":
        return [node for node in graph.nodes.values() if node.kind in _INSIDE]
    return _Walk(graph, order).nodes()


_INSIDE = ("gate", "operation", "bundle", "constant")


class _Walk:
    """Depth first from the ends, so that what is used together stands together."""

    def __init__(self, graph: Graph, order: Order) -> None:
        self.graph = graph
        self.sign = {"as written": 0, "deep first": -1, "shallow first": 1}[order]
        self.depth: dict[str, int] = {}
        for node in graph.nodes.values():
            self.depth[node.key] = 1 + max((self.depth[read.value] for read in node.reads), default=0)
        self.found: dict[str, Node] = {}

    def nodes(self) -> list[Node]:
        ends = sorted(self.graph.of_kind(*ENDS), key=lambda end: end.state not in self.graph.spines)
        for end in ends:
            self._visit(end)
        return [node for node in self.found.values() if node.kind in _INSIDE]

    def _visit(self, node: Node) -> None:
        if node.key in self.found:
            return
        for read in sorted(node.reads, key=self._rank):
            self._visit(self.graph.nodes[read.value])
        self.found[node.key] = node

    def _rank(self, read: Read) -> int:
        return self.sign * self.depth[read.value]
