"""One step of a cell as the values that its equations make, and who reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cached_property

from archsearch.explain.activations import BETWEEN_0_AND_1
from archsearch.explain.terms import (
    Apply,
    Atom,
    Sum,
    Term,
    atom_of,
    complement_of,
    names,
    of,
    only,
    read,
    replaced,
    scaled,
)
from archsearch.formula import ACTIVATIONS, parse
from archsearch.ir.dead import reached
from archsearch.schema.cell import Cell, Gate

MOST_TERMS = 64
"""An update with more terms is not looked into further."""


@dataclasses.dataclass(frozen=True)
class Made:
    """What an equation makes: activation(sum of W·linear + sum of p ⊙ diagonal + bias + formula)."""

    name: str
    activation: str
    formula: Sum
    linear: tuple[Sum, ...] = ()
    diagonal: tuple[Sum, ...] = ()
    bias: float | None = None
    has_parameters: bool = False

    @property
    def parts(self) -> tuple[Sum, ...]:
        """Everything that is read."""
        return (*self.linear, *self.diagonal, self.formula)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Every name read, once, in order."""
        return tuple(dict.fromkeys(name for part in self.parts for name in names(part)))

    def mapped(self, put: Callable[[Sum], Sum]) -> Made:
        """The same with other sums."""
        linear, diagonal = tuple(map(put, self.linear)), tuple(map(put, self.diagonal))
        return dataclasses.replace(self, formula=put(self.formula), linear=linear, diagonal=diagonal)

    @property
    def whole(self) -> Sum:
        """All that is read in one sum, of which only its key counts."""
        function = f"{self.activation} with bias" if self.bias is not None else self.activation
        return of(Apply(function, (*map(_sorted, (self.linear, self.diagonal)), self.formula)))

    @property
    def is_plain_formula(self) -> bool:
        """Whether it is a sum of products and no more."""
        return not self.has_parameters and self.activation == "identity"

    @property
    def complement(self) -> str | None:
        """The name `a` where it is `1 - a`."""
        return complement_of(self.formula) if self.is_plain_formula else None


def _sorted(reads: tuple[Sum, ...]) -> Sum:
    return Sum(tuple(Term(1.0, (Apply("read", (value,)),)) for value in reads))


class Step:
    """The values of a step by name, and who reads them."""

    def __init__(self, states: tuple[str, ...], output: str, made: dict[str, Made]) -> None:
        self.states = states
        self.output = output
        self.made = made
        self.live = self._find_live()

    def previous(self, name: str) -> str | None:
        """The state of which `name` is the value before."""
        state = name.removesuffix("_prev")
        return state if name.endswith("_prev") and state in self.states else None

    def readers(self, name: str) -> Sequence[Made]:
        """The equations that count and read `name`."""
        return self._readers.get(name, ())

    @cached_property
    def _readers(self) -> dict[str, list[Made]]:
        readers: dict[str, list[Made]] = {}
        for made in self.made.values():
            for name in made.reads if made.name in self.live else ():
                readers.setdefault(name, []).append(made)
        return readers

    def in_unit_range(self, name: str) -> bool:
        """Whether a value lies between 0 and 1, as a gate does."""
        return name in self._gates

    @cached_property
    def _gates(self) -> frozenset[str]:
        gates: set[str] = set()
        for name, made in self.made.items():  # in order: what an equation reads stands above it
            if self._is_between_0_and_1(made, gates):
                gates.add(name)
        return frozenset(gates)

    def _is_between_0_and_1(self, made: Made, known: set[str]) -> bool:
        if made.complement:
            return made.complement in known
        rest = [term for term in made.formula.terms if term != Term(1.0)]
        if made.is_plain_formula and len(rest) == 1 < len(made.formula.terms):  # one minus a gate without a name
            whole = rest[0].factors[0] if rest[0].coefficient == -1 and len(rest[0].factors) == 1 else None
            return isinstance(whole, Apply) and whole.function in BETWEEN_0_AND_1
        return made.activation in BETWEEN_0_AND_1

    def complement(self, name: str) -> str | None:
        """The name `a` where the equation `name` is `1 - a`."""
        made = self.made.get(name)
        return made.complement if made is not None else None

    def spread(self, value: Sum, without: Container[str] = ()) -> tuple[Term, ...]:
        """The terms of a sum; those that are equations of sums and products themselves are looked into.

        Complements, and those `without` which the sum is to be spread, are not.
        """
        terms: list[Term] = []
        waiting = list(reversed(value.terms))
        while waiting:
            term = waiting.pop()
            made = self.behind(term)
            whole = made is None or made.name in without or made.complement
            if made is None or whole or len(terms) + len(waiting) + len(made.formula.terms) > MOST_TERMS:
                terms.append(term)
            else:
                waiting += reversed(scaled(made.formula, term.coefficient).terms)
        return tuple(terms)

    def behind(self, term: Term) -> Made | None:
        """The equation of sums and products that a term stands for, where it is the name of one and not of a state."""
        made = self.made.get(atom_of(term.factors[0]) or "") if len(term.factors) == 1 else None
        return None if made is None or not made.is_plain_formula or made.name in self.states else made

    def _find_live(self) -> frozenset[str]:
        """Names that the output depends on, at this step or a later one."""

        def reads(name: str) -> Iterator[str]:
            made = self.made.get(name)
            return (self.previous(read) or read for read in (made.reads if made else ()))

        return frozenset(reached([self.output], reads) & self.made.keys())


def written(cell: Cell) -> Step:
    """The step as the file has it, equation by equation. What is only another name for a value is looked through."""
    made: dict[str, Made] = {}
    aliases: dict[str, Sum] = {}

    def take(text: str) -> Sum:
        return replaced(read(parse(str(text))), lambda name: aliases.get(name) or of(Atom(name)))

    for name, equation in cell.equations.items():
        if isinstance(equation, Gate):
            linear, diagonal = tuple(map(take, equation.linear)), tuple(map(take, equation.diagonal))
            bias = None if equation.bias == "none" else float(equation.bias)
            made[name] = Made(name, equation.activation, Sum(()), linear, diagonal, bias, has_parameters=True)
            continue
        whole = take(equation)
        factor = only(whole)
        if isinstance(factor, Apply) and factor.function in ACTIVATIONS:
            made[name] = Made(name, factor.function, factor.operands[0])
            continue
        if name not in cell.states and name != cell.output and isinstance(factor, Atom):
            aliases[name] = whole
        made[name] = Made(name, "identity", whole)
    return Step(tuple(cell.states), cell.output, made)
