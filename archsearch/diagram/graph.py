"""What a drawing shows: nodes and the lines between them, at the level at which a person draws a cell.

A node is known by the value that it makes. An affine and its activation are one gate, an activation that takes several
instructions is one operation, and so is a chain of sums or of products.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Literal

NodeKind = Literal["input", "previous", "constant", "gate", "operation", "bundle", "next", "output"]
ReadKind = Literal["matrix", "diagonal", "operand", "member", "end"]

SOURCES: tuple[NodeKind, ...] = ("input", "previous")
ENDS: tuple[NodeKind, ...] = ("next", "output")


@dataclasses.dataclass(frozen=True)
class Read:
    """A line into a node: the node that it comes from, how it is read, and the mark where it enters (`−`, `÷`)."""

    value: str
    kind: ReadKind
    mark: str = ""


@dataclasses.dataclass(frozen=True)
class Node:
    """A box, a circle, a bundle of lines, or an end of a line on the frame.

    `folds` are the instructions inside it; `sign` and `name` are written on it, `state` is the state that an end on
    the frame belongs to; `start` is where the bias of a gate starts, empty for 0.
    """

    key: str
    kind: NodeKind
    sign: str = ""
    name: str = ""
    reads: tuple[Read, ...] = ()
    folds: tuple[str, ...] = ()
    state: str = ""
    start: str = ""


@dataclasses.dataclass(frozen=True)
class NodeGraph:
    """The nodes by key, each below those that it reads, and for each state the operations that its line runs through.

    A state without a line of its own (`spines` does not name it) is made anew at each step, as the h of the LSTM.
    """

    nodes: dict[str, Node]
    spines: dict[str, tuple[str, ...]]

    @functools.cached_property
    def on_lines(self) -> frozenset[str]:
        """The operations that states' lines run through."""
        return frozenset(key for path in self.spines.values() for key in path)

    def readers(self) -> dict[str, list[tuple[Node, Read]]]:
        """Who reads each node, in order."""
        readers: dict[str, list[tuple[Node, Read]]] = {key: [] for key in self.nodes}
        for node in self.nodes.values():
            for read in node.reads:
                readers[read.value].append((node, read))
        return readers

    def of_kind(self, *kinds: NodeKind) -> Iterator[Node]:
        """The nodes of these kinds, in order."""
        return (node for node in self.nodes.values() if node.kind in kinds)


def next_key(state: str) -> str:
    """The key of the end at which a state goes out."""
    return f"next {state}"


OUTPUT_KEY = "output "
"""The key of the end at which the output goes out; not a name that a value can have."""
