"""The structure of a cell as a labelled graph, freed of names, order and ways of writing.

Applied laws: `a - b` is `a + (-1)·b`; `-a` is `(-1)·a`; `a / number` is `(1/number)·a`; sums and products are
flattened, their constants folded (exactly, then rounded once) and neutral ones dropped; operands of commutative
operations have no order; `where_le(a, b, b, a)` (relu) is `max(a, b)`; equal pointwise values are one.
Affine instructions are never merged: each has parameters of its own.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from archsearch.formula import PRIMITIVES
from archsearch.ir.dead import reached
from archsearch.ir.instructions import Affine, CellIR, Operand, Pointwise, spell

Edge = tuple[str, int]

MOST_BITS = 4_096
"""A chain whose constant has grown beyond this stays a factor of its own: squaring in a row doubles it every time."""


@dataclasses.dataclass(frozen=True)
class Graph:
    """Nodes are numbered from 0; `labels[v]` is the kind of node v, `edges[v]` its (role, operand) pairs."""

    labels: tuple[str, ...]
    edges: tuple[tuple[Edge, ...], ...]

    @functools.cached_property
    def readers(self) -> list[list[Edge]]:
        """For each node its (role, reader) pairs."""
        readers: list[list[Edge]] = [[] for _ in self.labels]
        for node, edges in enumerate(self.edges):
            for role, target in edges:
                readers[target].append((role, node))
        return readers

    def renumbered(self, order: Sequence[int]) -> Graph:
        """The same graph with its nodes in this order."""
        places = {node: place for place, node in enumerate(order)}
        edges = (sorted((role, places[target]) for role, target in self.edges[node]) for node in order)
        return Graph(tuple(self.labels[node] for node in order), tuple(map(tuple, edges)))


def normal_form(ir: CellIR) -> Graph:
    """The graph of what the cell's output depends on; isomorphic graphs are the same architecture."""
    return named_form(ir)[0]


def named_form(ir: CellIR, trained: bool = False) -> tuple[Graph, dict[str, int]]:
    """`normal_form`, and the node of each value that is part of it, by the value's name; values may share a node.

    `trained`: isomorphic graphs are the same training. Initial values count, and so does that relu has the derivative
    0 at 0, where `max(a, 0)` has one half. What a matrix reads as `x + 0` is a value of its own (`bare`): where the
    sizes differ it is a projection of the input.
    """
    building = _Building(ir, trained)
    number = building.live()
    graph = building.graph(number)
    return graph, {name: number[node] for name, node in building.nodes.items() if node in number}


class _Building:
    def __init__(self, ir: CellIR, trained: bool) -> None:
        self.trained = trained
        self.inputs = set(ir.inputs)
        self.labels: list[str] = []
        self.edges: list[list[Edge]] = []
        self.shared: dict[tuple[object, ...], int] = {}
        self.chains: dict[int, tuple[str, Counter[int], Fraction]] = {}
        self.nodes: dict[str, int] = {name: self._add(f"input {name}") for name in ir.inputs}
        self.nodes |= {state.previous: self._add(self._started("state", state.initial)) for state in ir.states}
        for instruction in ir.body:
            build = self._affine(instruction) if isinstance(instruction, Affine) else self._pointwise(instruction)
            self.nodes[instruction.name] = build
        for state in ir.states:
            self.edges[self.nodes[state.previous]].append(("next", self._node(state.next)))
        self.root = self._add("output", [("", self._node(ir.output))])

    def live(self) -> dict[int, int]:
        """The nodes that the output depends on, numbered from 0."""
        live = reached([self.root], lambda node: (target for _, target in self.edges[node]))
        return {node: index for index, node in enumerate(sorted(live))}

    def graph(self, number: dict[int, int]) -> Graph:
        """The part that consists of the numbered nodes."""
        edges = tuple(tuple((role, number[target]) for role, target in self.edges[node]) for node in number)
        return Graph(tuple(self.labels[node] for node in number), edges)

    def _add(self, label: str, edges: list[Edge] | None = None) -> int:
        self.labels.append(label)
        self.edges.append(edges or [])
        return len(self.labels) - 1

    def _shared(self, label: str, edges: list[Edge]) -> int:
        key = (label, *sorted(edges))
        if key not in self.shared:
            self.shared[key] = self._add(label, edges)
        return self.shared[key]

    def _node(self, operand: Operand) -> int:
        return self.nodes[operand] if isinstance(operand, str) else self._shared(f"number {spell(operand + 0.0)}", [])

    def _started(self, label: str, initial: float) -> str:
        return f"{label} {spell(initial + 0.0)}" if self.trained else label

    def _affine(self, affine: Affine) -> int:
        edges = [("W", self._multiplied(name)) for name in affine.matrices]
        edges += [("d", self.nodes[name]) for name in affine.vectors]
        label = "affine" if affine.bias is None else self._started("affine with bias", affine.bias)
        return self._add(label, edges)

    def _multiplied(self, name: str) -> int:
        """What a matrix reads."""
        node = self.nodes[name]
        is_input = any(node == self.nodes[given] for given in self.inputs)
        return self._shared("bare", [("", node)]) if self.trained and is_input and name not in self.inputs else node

    def _pointwise(self, instruction: Pointwise) -> int:
        op, args = instruction.op, instruction.args
        if op == "neg":
            return self._chain("mul", [self._node(args[0])], Fraction(-1))
        if op == "sub":
            if isinstance(args[1], float):
                return self._chain("add", [self._node(args[0])], Fraction(-args[1]))
            return self._operands("add", [args[0]], self._chain("mul", [self._node(args[1])], Fraction(-1)))
        if op == "div" and isinstance(args[1], float) and args[1] and math.isfinite(1 / args[1]):
            return self._chain("mul", [self._node(args[0])], Fraction(1 / args[1]))
        if PRIMITIVES[op].unit is not None:
            return self._operands(op, list(args))
        if op == "where_le" and args[:2] == args[:1:-1] and not self.trained:  # relu: max but for a tie's derivative
            op, args = "max", args[:2]
        roles = [""] * len(args) if PRIMITIVES[op].commutes else [str(index) for index in range(len(args))]
        return self._shared(op, [(role, self._node(arg)) for role, arg in zip(roles, args, strict=True)])

    def _operands(self, op: str, args: list[Operand], *nodes: int) -> int:
        constant = _unit(op)
        for arg in args:
            if isinstance(arg, float):
                constant = _together(op, constant, Fraction(arg))
        return self._chain(op, [self._node(arg) for arg in args if isinstance(arg, str)] + list(nodes), constant)

    def _chain(self, op: str, nodes: list[int], constant: Fraction) -> int:
        """A flattened sum or product of `nodes` and a constant."""
        flat: Counter[int] = Counter()  # how often each node occurs: a list would double with every `s: r + r`
        for node in nodes:
            inner_op, inner, inner_constant = self.chains.get(node, ("", flat, constant))
            if inner_op == op and _bits(inner_constant) <= MOST_BITS:
                flat.update(inner)
                constant = _together(op, constant, inner_constant)
            else:
                flat[node] += 1
        number = _spelt(constant)
        neutral = number == _spelt(_unit(op))
        if neutral and flat.total() == 1:
            return next(iter(flat))
        edges = [(f"{count} times", node) for node, count in flat.items()]
        made = self._shared(op if neutral else f"{op} {number}", edges)
        self.chains[made] = (op, flat, constant)
        return made


def _unit(op: str) -> Fraction:
    unit = PRIMITIVES[op].unit
    assert unit is not None
    return Fraction(unit)


def _together(op: str, one: Fraction, other: Fraction) -> Fraction:
    return Fraction(PRIMITIVES[op].value(one, other))  # exact: fractions in, a fraction out


def _bits(constant: Fraction) -> int:
    return constant.numerator.bit_length() + constant.denominator.bit_length()


def _spelt(constant: Fraction) -> str:
    """As the nearest float, exactly where that would be infinite or a false zero."""
    try:
        number = float(constant)
    except OverflowError:
        return str(constant)
    return str(constant) if constant and not number else spell(number)
