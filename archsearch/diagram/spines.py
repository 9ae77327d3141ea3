"""The line of a state: the shortest way of operations from its value before the step to that after it."""

from __future__ import annotations

from collections import deque

from archsearch.diagram.graph import Node, next_key
from archsearch.ir import CellIR


def find_spines(ir: CellIR, nodes: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    """For each state that flows through operations alone, those operations in order; each belongs to one state."""
    taken: set[str] = set()
    spines: dict[str, tuple[str, ...]] = {}
    for state in ir.states:
        path = _shortest(state.previous, nodes[next_key(state.name)].reads[0].value, nodes, taken)
        if path is not None:
            spines[state.name] = path
            taken |= set(path)
    return spines


def _shortest(start: str, end: str, nodes: dict[str, Node], taken: set[str]) -> tuple[str, ...] | None:
    waiting: deque[tuple[str, ...]] = deque([(end,)])
    seen = {end}
    while waiting:
        path = waiting.popleft()
        if path[0] == start:
            return path[1:]
        node = nodes[path[0]]
        if node.kind != "operation" or node.key in taken:
            continue
        for read in node.reads:
            if read.value not in seen:
                seen.add(read.value)
                waiting.append((read.value, *path))
    return None
