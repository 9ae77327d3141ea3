"""The normal form of a cell as values that are sums of products, freed of names and of the order in the file.

Everything follows from the graph and its canonical numbering. A linear map that one activation alone reads is part of
it, wherever the file applies the two; everything else is written into its readers.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from archsearch.explain.recognition import Builder
from archsearch.explain.rewriting import Order, shortened
from archsearch.explain.step import Made, Step
from archsearch.explain.terms import (
    Apply,
    Atom,
    Factor,
    Sum,
    Term,
    atom_of,
    constant,
    inner,
    key,
    names,
    of,
    only,
    product,
    replaced,
    rewritten,
    scaled,
    size,
)
from archsearch.explain.updates import keeps, update_of
from archsearch.ir import CellIR
from archsearch.ir.dead import reached
from archsearch.ir.normal_form import named_form

OUTPUT = "~output"
LARGEST = 30
"""A value of more terms and factors is not written into its readers."""
_MOST_REPEATS = 8
"""A factor that is repeated more often is a power."""


class CanonicalValues:
    """The values of a cell under made-up names: `made`, each below those that it reads.

    states: the made-up name of each state that counts, by the name in the file. output: the value that goes out. maps:
    for each equation with parameters the value that its linear map is, or is part of.
    """

    def __init__(self, ir: CellIR, order: tuple[int, ...]) -> None:
        self._graph, self._nodes = named_form(ir)
        self._rank = {node: place for place, node in enumerate(order)}
        self._affines = {self._nodes[affine.name]: affine for affine in ir.affines if affine.name in self._nodes}
        known = {self._nodes[state.previous]: state.name for state in ir.states if state.previous in self._nodes}
        self.states = {known[node]: self._name(node) for node in sorted(known, key=self._rank.__getitem__)}
        self._builder = Builder(set(self.states.values()))
        self._renamed: dict[str, Sum] = {}
        self.output = OUTPUT
        self._ends, leaves = self._find_ends()
        self.made: dict[str, Made] = {}
        self._sums: dict[int, Sum] = {}
        for node in range(len(self._graph.labels)):  # what is read has a lower number
            self._sums[node] = self._read(node)
        for name, node in leaves.items():
            self._define(name, self._sums[node])
        self._settle()

    def value(self, name: str) -> Sum | None:
        """The value of an instruction; None where nothing of it is left."""
        node = self._nodes.get(name)
        return None if node is None else self._final(self._sums[node])

    def _name(self, node: int) -> str:
        return f"~{self._rank[node]}"

    def _find_ends(self) -> tuple[dict[int, str], dict[str, int]]:
        """The nodes that are a state's next value or the output, by what they are called; then ends without such."""
        ends: dict[int, str] = {}
        leaves: dict[str, int] = {}
        by_name = {self._name(node): node for node, label in enumerate(self._graph.labels) if label == "state"}
        for name in [*self.states.values(), OUTPUT]:
            node = by_name.get(name, len(self._graph.labels) - 1)
            target = next(target for role, target in self._graph.edges[node] if role in ("next", ""))
            if name == OUTPUT and target in ends:
                self.output = ends[target]
            elif self._graph.labels[target].split()[0] in ("input", "state", "number") or target in ends:
                leaves[name] = target
            else:
                ends[target] = name
        return ends, leaves

    def _read(self, node: int) -> Sum:
        """A node as its readers see it."""
        label, edges = self._graph.labels[node], self._graph.edges[node]
        kind, _, number = label.partition(" ")
        if kind == "input":
            return of(Atom(number))
        if kind == "state":
            return of(Atom(f"{self._name(node)}_prev"))
        if kind == "output":
            return self._sums[edges[0][1]]
        name = self._ends.get(node)
        if kind == "affine":
            name = name or self._name(node)
            self.made[name] = self._affine(node, name)
            return of(Atom(name))
        whole = self._formula(kind, number, edges)
        if name is None and size(whole) > LARGEST:
            name = self._name(node)
        if name is None:
            return whole
        self._define(name, whole)
        return of(Atom(name))

    def _affine(self, node: int, name: str) -> Made:
        bias = self._affines[node].bias
        reads: dict[str, list[Sum]] = {"W": [], "d": []}
        for role, target in sorted(self._graph.edges[node], key=self._edge_rank):
            reads[role].append(self._sums[target])
        return Made(name, "identity", Sum(()), tuple(reads["W"]), tuple(reads["d"]), bias, has_parameters=True)

    def _edge_rank(self, edge: tuple[str, int]) -> tuple[str, int]:
        return edge[0], self._rank[edge[1]]

    def _formula(self, kind: str, number: str, edges: tuple[tuple[str, int], ...]) -> Sum:
        operands = [(role, self._sums[target]) for role, target in sorted(edges, key=self._edge_rank)]
        if kind == "number":
            return _constant(number)
        if kind == "add":
            terms = [term for role, value in operands for term in scaled(value, _count(role)).terms]
            return self._builder.recognised(Sum((*_constant(number).terms, *terms)))
        if kind == "mul":
            whole = Sum((Term(1.0),))
            for role, value in operands:
                whole = product(whole, _power(value, _count(role)))
            return self._builder.recognised(scaled(whole, _number(number or "1")))
        return self._builder.call(kind, tuple(value for _, value in operands))

    def _define(self, name: str, whole: Sum) -> None:
        """A value of its own; an activation that is all of it is not a second one."""
        applied = self._builder.applied.get(atom_of(whole) or "")
        factor = only(whole)
        if applied is not None:
            self._renamed[str(atom_of(whole))] = of(Atom(name))
            self.made[name] = Made(name, *applied)
        elif isinstance(factor, Apply) and len(factor.operands) == 1:
            self.made[name] = Made(name, factor.function, factor.operands[0])
        else:
            self.made[name] = Made(name, "identity", whole)

    def _settle(self) -> None:
        for name, (function, argument) in self._builder.applied.items():
            if name not in self._renamed:
                self.made[name] = Made(name, function, argument)
        self._replace()
        self._read_ends()
        self._carry()
        self._drop_unread()
        self.maps = self._fold()
        self._sort()

    def _final(self, value: Sum) -> Sum:
        return replaced(value, lambda name: self._renamed.get(name) or of(Atom(name)))

    def _replace(self) -> None:
        """Put new names into all values."""
        self.made = {name: made.mapped(self._final) for name, made in self.made.items()}

    def _read_ends(self) -> None:
        """Where a longer sum or product holds all of a state's next value, it reads that value.

        The normal form writes sums into sums and products into products.
        """
        ends = [*dict.fromkeys([*self.states.values(), self.output])]
        plain = [self.made[name] for name in ends if name in self.made and self.made[name].is_plain_formula]
        parts = sorted(
            (made for made in plain if size(made.formula) > 2), key=lambda made: (-size(made.formula), made.name)
        )
        self._sums = {node: shortened(self._final(value), parts) for node, value in self._sums.items()}
        for name, made in self.made.items():
            others = [part for part in parts if part.name != name]
            self.made[name] = made.mapped(functools.partial(shortened, parts=others))

    def _step(self) -> Step:
        return Step(tuple(self.states.values()), self.output, self.made)

    def _carry(self) -> None:
        """A sum that keeps a state which nothing else keeps is a memory, and so a value of its own."""
        step = self._step()
        for state in self.states.values():
            if update_of(step, state, state) is not None:
                continue
            sums = {key(value): value for made in self.made.values() for value in _inner_sums(made)}
            carriers = [text for text in sorted(sums) if keeps(step, sums[text], state)]
            if len(carriers) == 1:
                self._take_out(f"{state}_memory", carriers[0], sums[carriers[0]])
                step = self._step()

    def _take_out(self, name: str, text: str, value: Sum) -> None:
        """Make a value of a sum, and of functions of it none."""
        memory = of(Atom(name))

        def put(whole: Sum) -> Sum:
            return rewritten(whole, lambda inner: memory if key(inner) == text else inner)

        self.made = {own: made.mapped(put) for own, made in self.made.items()}
        self.made[name] = Made(name, "identity", value)
        for own, made in self.made.items():
            if own in self.states.values() or own == self.output:
                continue
            if made.formula == memory and made.activation != "identity" and not made.has_parameters:
                self._renamed[own] = of(Apply(made.activation, (memory,)))
        self._sums = {node: put(value) for node, value in self._sums.items()}
        self._replace()

    def _drop_unread(self) -> None:
        def reads(name: str) -> Iterator[str]:
            made = self.made.get(name)
            return (read.removesuffix("_prev") for read in (made.reads if made else ()))

        read = reached([self.output, *self.states.values()], reads)
        self.made = {name: made for name, made in self.made.items() if name in read}

    def _fold(self) -> dict[str, str]:
        """Linear maps that one activation alone reads become part of it."""
        maps = {affine.equation: atom_of(self._sums[node]) or "" for node, affine in self._affines.items()}
        uses = Counter(name for made in self.made.values() for value in made.parts for name in names(value))
        for name, made in list(self.made.items()):
            inner = self.made.get(atom_of(made.formula) or "")
            plain = made.activation == "identity" or made.has_parameters or inner is None
            if plain or inner is None or not inner.has_parameters or inner.activation != "identity":
                continue
            if uses[inner.name] == 1 and inner.name not in self.states.values() and inner.name != self.output:
                self.made[name] = dataclasses.replace(inner, name=name, activation=made.activation)
                del self.made[inner.name]
                maps = {equation: name if value == inner.name else value for equation, value in maps.items()}
        return maps

    def _sort(self) -> None:
        """Values below those that they read, terms and factors in the order of what they read."""
        places: dict[str, tuple[int, ...]] = {}
        levels: dict[str, int] = {}
        waiting = list(self.made)
        while waiting:
            name = waiting[-1]
            missing = [read for read in self.made[name].reads if read in self.made and read not in levels]
            if missing:
                waiting += missing
                continue
            levels[waiting.pop()] = 1 + max((levels.get(read, 0) for read in self.made[name].reads), default=0)
        ordered = sorted(self.made, key=lambda name: (levels[name], key(self.made[name].whole), name))
        places = {name: (2, place) for place, name in enumerate(ordered)}
        places |= {f"{name}_prev": (1, place) for place, name in enumerate(self.states.values())}
        order = Order(places)
        self.made = {name: order.made(self.made[name]) for name in ordered}


def _inner_sums(made: Made) -> Iterator[Sum]:
    """The sums of several terms that stand inside a value."""
    waiting: list[Sum | Factor] = [*made.linear, *made.diagonal]
    waiting += inner(made.formula) if made.activation == "identity" else [made.formula]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Sum) and len(value.terms) > 1:
            yield value
        waiting += inner(value)


def _constant(text: str) -> Sum:
    return constant(_number(text or "0"))


def _number(text: str) -> float:
    """A number as the normal form spells it, which may be a fraction that no float can hold."""
    try:
        return float(text)
    except ValueError:
        fraction = Fraction(text)
        value = float("inf") if abs(fraction) > 1 else 5e-324
        return -value if fraction < 0 else value


def _count(role: str) -> int:
    return min(int(role.split(maxsplit=1)[0]), 10**300)


def _power(value: Sum, count: int) -> Sum:
    if count > _MOST_REPEATS:
        return of(Apply("power", (value, Sum((Term(float(count)),)))))
    whole = value
    for _ in range(count - 1):
        whole = product(whole, value)
    return whole
