"""How far two architectures are from each other, as an edit measure on their normal forms.

The parts of a graph are its nodes, each as what it does, and its edges, each as what reads what in which way. The
distance is the number of parts that one graph has and the other has not. So it is symmetric, obeys the triangle
inequality, is 0 for equal architectures, and never above what editing one graph into the other part by part would take.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from archsearch.ir.normal_form import Graph

Part = tuple[str, ...]


def distance(one: Counter[Part], other: Counter[Part]) -> int:
    """How many parts are in one of two graphs alone."""
    return ((one - other) + (other - one)).total()


def parts(graph: Graph) -> Counter[Part]:
    """The nodes and edges of a graph, and how often each occurs."""
    found: Counter[Part] = Counter((label,) for label in graph.labels)
    for label, edges in zip(graph.labels, graph.edges, strict=True):
        found.update((label, role, graph.labels[target]) for role, target in edges)
    return found


def surroundings(graph: Graph, radius: int) -> list[str]:
    """For every node a hash of its surroundings up to `radius` steps away, equal in any two graphs."""
    readers: list[list[tuple[str, int]]] = [[] for _ in graph.labels]
    for node, edges in enumerate(graph.edges):
        for role, target in edges:
            readers[target].append((role, node))
    colours = [_hash((label,)) for label in graph.labels]
    for _ in range(radius):
        colours = [
            _hash(
                (
                    colours[node],
                    tuple(sorted((role, colours[target]) for role, target in graph.edges[node])),
                    tuple(sorted((role, colours[reader]) for role, reader in readers[node])),
                )
            )
            for node in range(len(graph.labels))
        ]
    return colours


def _hash(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
