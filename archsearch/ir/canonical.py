"""The one cell that stands for all spellings of the same training.

It is rebuilt from the normal form alone, numbered canonically: names, order and operands are its own. Sums and products
are computed with as few instructions as their spellings need: common parts once, and `a - b` and `1 - z` as one.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from fractions import Fraction

from archsearch.formula import PRIMITIVES
from archsearch.ir.chains import Chains, Op, Term, below_first
from archsearch.ir.check import check
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand, Pointwise, State
from archsearch.ir.labelling import canonical_form
from archsearch.ir.normal_form import Graph, named_form

LARGEST = Fraction(2) ** 1023
"""A constant that no float can hold is applied in steps of this."""


@dataclasses.dataclass(frozen=True)
class Canonical:
    """`ir`: the canonical cell. `names`: the canonical name of each parameter of the cell as it is spelled."""

    ir: CellIR
    names: dict[str, str]


@functools.lru_cache(maxsize=128)
def canonical(ir: CellIR) -> Canonical:
    """The cell that stands for all cells whose training is the same, whatever their names, order and operands.

    It computes the same function up to rounding, and is the same for all of them, instruction by instruction. Raises
    `Refused` as `canonical_form` does.
    """
    graph, nodes = named_form(ir, trained=True)
    _, order = canonical_form(graph)
    ranks = {node: rank for rank, node in enumerate(order)}
    rebuilding = _Rebuilding(graph.renumbered(order), ir.inputs)
    names: dict[str, str] = {}
    rebuilt = rebuilding.run()
    check(rebuilt)
    for affine in ir.affines:
        if affine.name in nodes:
            edges = graph.edges[nodes[affine.name]]
            gate = rebuilding.gates[ranks[nodes[affine.name]]]
            names |= _parameter_names(affine, gate, [ranks[target] for _, target in edges])
    return Canonical(rebuilt, names)


def _parameter_names(affine: Affine, gate: str, reads: list[int]) -> dict[str, str]:
    """The canonical names of a gate's parameters. `reads`: what it reads, by place in the canonical order."""
    count, names = len(affine.matrices), dict[str, str]()
    for kind, ranks in (("linear", reads[:count]), ("diagonal", reads[count:])):
        for place, index in enumerate(sorted(range(len(ranks)), key=ranks.__getitem__)):
            names[f"{affine.equation}.{kind}.{index}"] = f"{gate}.{kind}.{place}"
    if affine.bias is not None:
        names[f"{affine.equation}.bias"] = f"{gate}.bias"
    return names


class _Rebuilding:
    """The instructions of a graph. A value is a node of it, or a number of `chains`."""

    def __init__(self, graph: Graph, inputs: tuple[str, ...]) -> None:
        self.graph = graph
        self.inputs = inputs
        self.kinds = [label.partition(" ")[0] for label in graph.labels]
        self.numbers = [label.rpartition(" ")[2] if " " in label else "" for label in graph.labels]
        self.states = {node: f"s{place + 1}" for place, node in enumerate(self._of_kind("state"))}
        self.gates: dict[int, str] = {}
        self.chains = Chains(len(graph.labels))
        self.constants: dict[int, Fraction] = {}
        self.products: dict[int, tuple[Fraction, Counter[Term]]] = {}
        self.values: dict[int, int] = {}
        """What a node is for all but sums."""
        self.terms: dict[int, Term] = {}
        """What a node is in a sum."""
        self.operands: dict[int, Operand] = {}
        self.body: list[Instruction] = []

    def run(self) -> CellIR:
        (root,) = self._of_kind("output")
        ends = {node: self.graph.edges[node][0][1] for node in (*self.states, root)}
        for node in below_first(ends.values(), self._edges):
            self._enter(node)
        self.chains.share()
        for value in below_first([self.values[end] for end in ends.values()], self._reads):
            self._emit(value)
        after = {node: self.operands[self.values[end]] for node, end in ends.items()}
        states = [State(name, float(self.numbers[node]), after[node]) for node, name in self.states.items()]
        return CellIR("cell", self.inputs, tuple(states), tuple(self.body), after[root])

    def _of_kind(self, kind: str) -> list[int]:
        return [node for node, own in enumerate(self.kinds) if own == kind]

    def _edges(self, node: int) -> list[int]:
        return [] if self.kinds[node] == "state" else [target for _, target in self.graph.edges[node]]

    def _enter(self, node: int) -> None:
        """Say what a node is for its readers; those that it reads are entered already."""
        if self.kinds[node] == "add":
            self._enter_sum(node)
        elif self.kinds[node] == "mul":
            self._enter_product(node)
        else:
            self.values[node], self.terms[node] = node, (False, node)

    def _enter_product(self, node: int) -> None:
        """A product with a minus is subtracted from sums where that saves the minus, or costs nothing."""
        constant = Fraction(self.numbers[node] or 1)
        counts = Counter[Term]()
        for role, target in self.graph.edges[node]:
            counts[False, self.values[target]] += _count(role)
        self.products[node] = constant, counts
        in_sums = [self.kinds[reader] == "add" for _, reader in self.graph.readers[node]]
        if any(in_sums):
            subtracted = constant == -1 or (constant < 0 and all(in_sums))
            self.terms[node] = subtracted, self._product(-constant if subtracted else constant, counts)
        if not all(in_sums):
            self.values[node] = self._product(constant, counts)

    def _product(self, constant: Fraction, counts: Counter[Term]) -> int:
        return self._chain("mul", constant, counts)

    def _enter_sum(self, node: int) -> None:
        constant, edges = Fraction(self.numbers[node] or 0), self.graph.edges[node]
        terms = [self.terms[target] for _, target in edges]
        if not constant and all(subtracted for subtracted, _ in terms):
            place = min(range(len(edges)), key=lambda place: self._cost_of_minus(edges[place][1]))
            terms[place] = False, self._product(*self.products[edges[place][1]])
        counts = Counter[Term]()
        for term, (role, _) in zip(terms, edges, strict=True):
            counts[term] += _count(role)
        self.values[node] = self._chain("add", constant, counts)
        self.terms[node] = False, self.values[node]

    def _cost_of_minus(self, node: int) -> int:
        """Of a product with a minus: 0 where it is computed with it anyway, or has a constant that takes it up."""
        return int(node not in self.values and self.products[node][0] == -1)

    def _chain(self, op: Op, constant: Fraction, counts: Counter[Term]) -> int:
        if constant != PRIMITIVES[op].unit:
            number = self.chains.number(constant)
            self.constants[number] = constant
            counts = counts + Counter({(False, number): 1})
        return self.chains.of(op, counts)

    def _reads(self, value: int) -> list[int]:
        if value < len(self.kinds):
            return [self.values[target] for target in self._edges(value)]
        return [operand for operand in self.chains.operands(value) if operand not in self.constants]

    def _emit(self, value: int) -> None:
        if value < len(self.kinds):
            self.operands[value] = self._node(value)
        elif value in self.chains.doubles:
            op, doubled = self.chains.doubles[value]
            self.operands[value] = self._pointwise(op, self.operands[doubled], self.operands[doubled])
        else:
            self.operands[value] = self._terms(value)

    def _node(self, node: int) -> Operand:
        kind, number = self.kinds[node], self.numbers[node]
        if kind == "input":
            return number
        if kind == "state":
            return f"{self.states[node]}_prev"
        if kind == "number":
            return float(number)
        if kind == "affine":
            return self._gate(node)
        operands = [self.operands[read] for read in self._reads(node)]
        return self._pointwise("add", *operands, 0.0) if kind == "bare" else self._pointwise(kind, *operands)

    def _gate(self, node: int) -> str:
        self.gates[node] = name = f"g{len(self.gates) + 1}"
        reads: dict[str, list[str]] = {"W": [], "d": []}
        for role, target in self.graph.edges[node]:
            operand = self.operands[self.values[target]]
            assert isinstance(operand, str)
            reads[role].append(operand)
        bias = float(self.numbers[node]) if self.numbers[node] else None
        self.body.append(Affine(name, tuple(reads["W"]), tuple(reads["d"]), bias))
        return name

    def _terms(self, value: int) -> Operand:
        """Put the terms of a sum or product together."""
        op = self.chains.chains[value][0]
        parts: list[tuple[bool, Operand]] = []
        more: list[tuple[bool, Operand]] = []
        for subtracted, term in self.chains.ordered(value):
            if term in self.constants:
                number, *further = _floats(op, self.constants[term])
                parts.append((subtracted, number))
                more += [(False, factor) for factor in further]
            else:
                parts.append((subtracted, self.operands[term]))
        (negative, total), *rest = parts + more
        if negative:
            total = self._pointwise("neg", total)
        for subtracted, operand in rest:
            total = self._put(op, total, operand, subtracted)
        return total

    def _put(self, op: Op, total: Operand, operand: Operand, subtracted: bool) -> Operand:
        if op == "mul" and -1.0 in (total, operand):
            return self._pointwise("neg", operand if total == -1.0 else total)
        return self._pointwise("sub" if subtracted else op, total, operand)

    def _pointwise(self, op: str, *args: Operand) -> str:
        self.body.append(Pointwise(f"v{len(self.body) - len(self.gates) + 1}", op, args))
        return self.body[-1].name


def _count(role: str) -> int:
    return int(role.partition(" ")[0])


def _floats(op: Op, constant: Fraction) -> list[float]:
    """Numbers that together are a constant: it alone where a float can hold it."""
    if _as_float(constant) or not constant:
        return [_as_float(constant)]
    if op == "add":
        return 2 * [float(LARGEST) if constant > 0 else -float(LARGEST)]
    step = LARGEST if abs(constant) > 1 else 1 / LARGEST
    factors = list[float]()
    while not _as_float(constant):
        constant /= step
        factors.append(float(step))
    return [_as_float(constant), *factors]


def _as_float(constant: Fraction) -> float:
    """The nearest float; 0 where it is infinite."""
    try:
        return float(constant)
    except OverflowError:
        return 0.0
