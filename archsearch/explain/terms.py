"""Formulas as sums of products, the form in which roles are looked for.

Chains of sums and of products are flat, `a - b` is `a + (-1)·b`, `a / 2` is `0.5·a`; nothing but a number is multiplied
out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from archsearch.formula import Call, Formula, Name, Number
from archsearch.ir.instructions import spell


@dataclasses.dataclass(frozen=True)
class Atom:
    """A value by name."""

    name: str


@dataclasses.dataclass(frozen=True)
class Apply:
    """A function of one or two sums."""

    function: str
    operands: tuple[Sum, ...]


@dataclasses.dataclass(frozen=True)
class Over:
    """One divided by a sum."""

    value: Sum


@dataclasses.dataclass(frozen=True)
class Term:
    """A number times factors; without factors, the number."""

    coefficient: float
    factors: tuple[Factor, ...] = ()


@dataclasses.dataclass(frozen=True)
class Sum:
    """Terms that are added up; without terms, 0."""

    terms: tuple[Term, ...]


Factor = Atom | Apply | Over | Sum


def read(formula: Formula) -> Sum:
    """A formula as a sum of products."""
    match formula:
        case Number(value=value):
            return constant(value)
        case Name(name=name):
            return of(Atom(name))
        case Call(function=function, operands=operands):
            return call(function, tuple(map(read, operands)))


def call(function: str, operands: tuple[Sum, ...]) -> Sum:
    """A function of sums, which is a sum of products itself where it is one of arithmetic."""
    return arithmetic(function, operands) or of(Apply(function, operands))


def arithmetic(function: str, operands: tuple[Sum, ...]) -> Sum | None:
    """A sum, product or quotient of sums; None for another function."""
    match function, operands:
        case "identity", (one,):
            return one
        case "neg", (one,):
            return scaled(one, -1.0)
        case "add", (one, other):
            return Sum(one.terms + other.terms)
        case "sub", (one, other):
            return Sum(one.terms + scaled(other, -1.0).terms)
        case "mul", (one, other):
            return product(one, other)
        case "div", (one, Sum(terms=(Term(coefficient=number, factors=()),))):
            return scaled(one, 1 / number)
        case "div", (one, other):
            return product(one, of(Over(other)))
    return None


def constant(number: float) -> Sum:
    """A number; 0 has no terms."""
    return Sum((Term(number),) if number else ())


def of(factor: Factor) -> Sum:
    """A factor that stands alone."""
    return factor if isinstance(factor, Sum) else Sum((Term(1.0, (factor,)),))


def scaled(value: Sum, number: float) -> Sum:
    """Every term times a number."""
    return Sum(tuple(Term(number * term.coefficient, term.factors) for term in value.terms))


def only(value: Sum) -> Factor | None:
    """The factor that a sum consists of, where it is one alone."""
    match value.terms:
        case (Term(coefficient=1.0, factors=(factor,)),):
            return factor
    return None


def atom_of(value: Sum | Factor) -> str | None:
    """The name that a value consists of, where it is one alone."""
    factor = only(value) if isinstance(value, Sum) else value
    return factor.name if isinstance(factor, Atom) else None


def complement_of(value: Sum | Factor) -> str | None:
    """The name `a` where a value is `1 - a`."""
    if not isinstance(value, Sum) or len(value.terms) != 2:
        return None
    one = [term for term in value.terms if term == Term(1.0)]
    taken = [term.factors[0] for term in value.terms if term.coefficient == -1 and len(term.factors) == 1]
    return taken[0].name if one and taken and isinstance(taken[0], Atom) else None


def inner(value: Sum | Factor) -> Iterator[Sum | Factor]:
    """What a sum or a factor is made of: the factors of all terms, or the operands."""
    match value:
        case Sum(terms=terms):
            yield from (factor for term in terms for factor in term.factors)
        case Apply(operands=operands):
            yield from operands
        case Over(value=divisor):
            yield divisor


def names(value: Sum | Factor) -> Iterator[str]:
    """Every name that is read, as often as it is."""
    if isinstance(value, Atom):
        yield value.name
    for part in inner(value):
        yield from names(part)


def size(value: Sum | Factor) -> int:
    """The number of terms and factors, inner ones too."""
    own = len(value.terms) if isinstance(value, Sum) else int(isinstance(value, Atom))
    return own + sum(map(size, inner(value)))


def replaced(value: Sum, put: Callable[[str], Sum]) -> Sum:
    """Every name replaced by a sum; what is a product then is one."""
    terms: tuple[Term, ...] = ()
    for term in value.terms:
        whole = Sum((Term(1.0),))
        for factor in term.factors:
            by = put(factor.name) if isinstance(factor, Atom) else _inside(factor, lambda inner: replaced(inner, put))
            whole = product(whole, of(by))
        terms += scaled(whole, term.coefficient).terms
    return Sum(terms)


def rewritten(value: Sum, put: Callable[[Sum], Sum]) -> Sum:
    """Every sum replaced by what `put` makes of it, inner ones first."""
    terms = []
    for term in value.terms:
        factors = [_inside(factor, lambda inner: rewritten(inner, put)) for factor in term.factors]
        alone = ((only(factor) or factor) if isinstance(factor, Sum) else factor for factor in factors)
        terms.append(Term(term.coefficient, tuple(alone)))
    return put(Sum(tuple(terms)))


def _inside(factor: Factor, put: Callable[[Sum], Sum]) -> Factor:
    """A factor with other sums in the place of those that it is made of."""
    match factor:
        case Apply(function=function, operands=operands):
            return Apply(function, tuple(map(put, operands)))
        case Over(value=divisor):
            return Over(put(divisor))
        case Sum():
            return put(factor)
    return factor


def key(value: Sum | Factor) -> str:
    """The same text for sums that differ in the order of terms and factors alone."""
    match value:
        case Atom(name=name):
            return name
        case Apply(function=function, operands=operands):
            inside = [key(operand) for operand in operands]
            return f"{function}({', '.join(sorted(inside) if function in ('max', 'min') else inside)})"
        case Over(value=inner):
            return f"over({key(inner)})"
        case Sum(terms=terms):
            parts = (f"{spell(term.coefficient)}*{'*'.join(sorted(map(key, term.factors)))}" for term in terms)
            return f"[{' + '.join(sorted(parts))}]"


def product(left: Sum, right: Sum) -> Sum:
    """A product; a number times a sum is a sum."""
    coefficient = 1.0
    factors: tuple[Factor, ...] = ()
    for side in (left, right):
        match side.terms:
            case ():
                return Sum(())
            case (term,):
                coefficient, factors = coefficient * term.coefficient, factors + term.factors
            case _:
                factors = (*factors, side)
    match factors:
        case (Sum() as whole,):
            return scaled(whole, coefficient)
    return Sum((Term(coefficient, factors),))


def spelled(value: Sum | Factor) -> str:
    """A sum as a formula."""
    match value:
        case Atom(name=name):
            return name
        case Apply(function=function, operands=operands):
            return f"{function}({', '.join(map(spelled, operands))})"
        case Over(value=inner):
            return f"1 / {_enclosed(inner)}"
        case Sum(terms=()):
            return "0"
    signed = [("-" if term.coefficient < 0 else "+", _spelled_term(term)) for term in value.terms]
    first, *others = signed
    return ("-" if first[0] == "-" else "") + " ".join([first[1], *(f"{sign} {text}" for sign, text in others)])


def _spelled_term(term: Term) -> str:
    """A term without its sign."""
    number = abs(term.coefficient)
    above = [_enclosed(factor) for factor in term.factors if not isinstance(factor, Over)]
    if number != 1 or not above:
        above.insert(0, spell(number))
    below = [f" / {_enclosed(factor.value)}" for factor in term.factors if isinstance(factor, Over)]
    return " * ".join(above) + "".join(below)


def _enclosed(value: Sum | Factor) -> str:
    if isinstance(value, Over):
        return f"({spelled(value)})"
    alone = only(value) if isinstance(value, Sum) else value
    return spelled(value) if isinstance(alone, Atom | Apply) else f"({spelled(value)})"
