"""A canonical text of a labelled graph: equal exactly for isomorphic graphs.

Colour refinement by operands and readers, then individualisation of ties with pruning by the automorphisms found
on the way (McKay & Piperno 2014, Practical graph isomorphism II, sections 2 and 3, without their data structures).
"""

from __future__ import annotations

import functools
from collections import defaultdict

from archsearch.errors import Refused
from archsearch.ir.normal_form import Graph

MOST_REFINEMENTS = 20_000


def canonical_text(graph: Graph) -> str:
    """The smallest text of `graph` over all node numberings that its structure admits; raises as `canonical_form`."""
    return canonical_form(graph)[0]


@functools.lru_cache(maxsize=128)  # a cell with a hundred gates alike takes seconds
def canonical_form(graph: Graph) -> tuple[str, tuple[int, ...]]:
    """The smallest text of `graph` over all node numberings that its structure admits, and the nodes in that order.

    Raises `Refused` when the graph has too many near-symmetries for the search to end in reasonable time.
    """
    search = _Search(graph)
    return search.run(), tuple(search.best_order)


def label_colours(graph: Graph) -> list[int]:
    """A colour for each node, the same for those with the same label."""
    ranks = {label: rank for rank, label in enumerate(sorted(set(graph.labels)))}
    return [ranks[label] for label in graph.labels]


def refined(graph: Graph, colours: list[int]) -> list[int]:
    """Colours that also tell apart what has operands or readers of different colours, however far away."""
    classes = len(set(colours))
    while True:
        marks = [
            (
                colours[node],
                tuple(sorted((role, colours[target]) for role, target in graph.edges[node])),
                tuple(sorted((role, colours[reader]) for role, reader in graph.readers[node])),
            )
            for node in range(len(colours))
        ]
        ranks = {mark: rank for rank, mark in enumerate(sorted(set(marks)))}
        colours = [ranks[mark] for mark in marks]
        if len(ranks) in (classes, len(colours)):
            return colours
        classes = len(ranks)


class _Search:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.size = len(graph.labels)
        self.best: str | None = None
        self.best_order: list[int] = []
        self.best_path: list[int] = []
        self.automorphisms: list[list[int]] = []
        self.refinements = 0

    def run(self) -> str:
        self._explore(self._refine(label_colours(self.graph)), [])
        assert self.best is not None
        return self.best

    def _refine(self, colours: list[int]) -> list[int]:
        self.refinements += 1
        if self.refinements > MOST_REFINEMENTS:
            raise Refused("the cell has too many interchangeable parts to be told apart from others")
        return refined(self.graph, colours)

    def _explore(self, colours: list[int], path: list[int]) -> int:
        """Visit all numberings below `path` that may differ; returns the depth at which the search goes on."""
        cell = self._first_tie(colours)
        if not cell:
            return self._leaf(colours, path)
        explored: list[int] = []
        for node in cell:
            if explored and self._equivalent(node, explored, path):
                continue
            split = [2 * colour + (other != node) for other, colour in enumerate(colours)]
            back = self._explore(self._refine(split), [*path, node])
            if back < len(path):
                return back
            explored.append(node)
        return len(path)

    def _first_tie(self, colours: list[int]) -> list[int]:
        members: dict[int, list[int]] = defaultdict(list)
        for node, colour in enumerate(colours):
            members[colour].append(node)
        return next((members[colour] for colour in sorted(members) if len(members[colour]) > 1), [])

    def _leaf(self, colours: list[int], path: list[int]) -> int:
        order = sorted(range(self.size), key=colours.__getitem__)
        lines = [
            f"{self.graph.labels[node]}: {sorted((role, colours[target]) for role, target in self.graph.edges[node])}"
            for node in order
        ]
        text = "\n".join(lines)
        if text == self.best:
            image = [0] * self.size
            for here, there in zip(order, self.best_order, strict=True):
                image[here] = there
            self.automorphisms.append(image)
            # It carries the branch of `path`, where the two paths part, to a branch that is explored already.
            pairs = enumerate(zip(path, self.best_path, strict=False))
            return next(depth for depth, (here, there) in pairs if here != there)
        if self.best is None or text < self.best:
            self.best, self.best_order, self.best_path = text, order, path
        return len(path)

    def _equivalent(self, node: int, explored: list[int], path: list[int]) -> bool:
        """Whether known automorphisms that fix `path` carry an explored node to `node`."""
        fixing = [image for image in self.automorphisms if all(image[fixed] == fixed for fixed in path)]
        seen, waiting = {node}, [node]
        while waiting:
            here = waiting.pop()
            if here in explored:
                return True
            for there in (image[here] for image in fixing):
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
        return False
