"""The rows of a drawing from top to bottom: states' lines, operations, gates, and what runs below the gates."""

from __future__ import annotations

import dataclasses

from archsearch.diagram.graph import NodeGraph

MOST_OPERATION_ROWS = 6


@dataclasses.dataclass(frozen=True)
class Bands:
    """Rows by number. `lines` are the rows of states' ends; `bundles` those of the bundles."""

    spines: int
    operations: int
    lines: dict[str, int]
    bundles: dict[str, int]

    @property
    def gates(self) -> int:
        """The one row in which all gates stand."""
        return self.spines + self.operations

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return max([self.gates, *self.lines.values(), *self.bundles.values()]) + 1

    def operation_rows(self) -> range:
        """The rows of operations that are on no state's line."""
        return range(self.spines, self.gates)


def bands_of(graph: NodeGraph, upside_down: bool = False) -> Bands:
    """The rows of a graph; `upside_down` turns the order of the states' lines."""
    carried = list(graph.spines)
    free = [node for node in graph.of_kind("operation", "constant") if node.key not in graph.on_lines]
    operations = min(len(free), MOST_OPERATION_ROWS)
    lines = {state: row for row, state in enumerate(reversed(carried) if upside_down else carried)}
    low = len(carried) + operations + 1
    made_anew = [node.state for node in graph.of_kind("previous") if node.state not in lines]
    lines |= {state: low + index for index, state in enumerate(reversed(made_anew))}
    return Bands(len(carried), operations, lines, _bundles(graph, lines, low, low + len(made_anew)))


def _bundles(graph: NodeGraph, lines: dict[str, int], low: int, bottom: int) -> dict[str, int]:
    """A bundle lies on the line of the first state that goes into it, or on a row of its own."""
    rows: dict[str, int] = {}
    for bundle in graph.of_kind("bundle"):
        members = [graph.nodes[read.value] for read in bundle.reads]
        own = [lines[node.state] for node in members if node.kind == "previous"]
        free = [row for row in own if row >= low and row not in rows.values()]
        rows[bundle.key] = free[0] if free else bottom
        bottom += not free
    return rows
