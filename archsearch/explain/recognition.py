"""Sums of products in which activations, which the normal form takes apart, are put together again."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence

from archsearch.explain.activations import BETWEEN_0_AND_1
from archsearch.explain.rewriting import replaced_part
from archsearch.explain.terms import (
    Apply,
    Atom,
    Factor,
    Over,
    Sum,
    arithmetic,
    constant,
    inner,
    key,
    names,
    of,
    scaled,
)
from archsearch.formula import ACTIVATIONS, Call, Formula, Name, Number, activation

MOST_FACTORS = 64
"""A sum of more factors is not looked through for activations."""


def _size(formula: Formula) -> int:
    return 1 + sum(map(_size, formula.operands)) if isinstance(formula, Call) else 1


COMPOUND = sorted(
    (name for name in ACTIVATIONS if _size(activation(name)) > 2), key=lambda name: (-_size(activation(name)), name)
)
"""Activations of several primitives, the largest first."""


def _depth(formula: Formula) -> int:
    """How deep calls other than sums and products are nested."""
    if not isinstance(formula, Call):
        return 0
    inside = max(map(_depth, formula.operands))
    return inside + (formula.function not in ("add", "sub", "mul", "neg"))


_DEPTHS = {name: _depth(activation(name)) for name in COMPOUND}

Requirement = tuple[int, set[str]]


class Builder:
    """Builds sums. An activation of anything but memories is a value of its own: `applied` has function and argument.

    `memories` are the names of states: a function of their new values alone is left where it is read.
    """

    def __init__(self, memories: set[str], required: dict[str, Requirement] | None = None) -> None:
        self._required = _required() if required is None else required
        self.applied: dict[str, tuple[str, Sum]] = {}
        self._new = memories
        self._old = {f"{name}_prev" for name in memories}

    def call(self, function: str, operands: tuple[Sum, ...], known: Sequence[str] = COMPOUND) -> Sum:
        """A function of sums; where they make an activation that is `known`, as that."""
        return self.recognised(arithmetic(function, operands) or self.apply(function, operands), known)

    def apply(self, function: str, operands: tuple[Sum, ...]) -> Sum:
        """A function that stays one."""
        whole = _applied(function, operands)
        if function not in ACTIVATIONS or not self._stands_alone(function, operands[0]):
            return whole
        name = f"~{hashlib.sha256(key(whole).encode()).hexdigest()[:16]}"
        self.applied[name] = (function, operands[0])
        return of(Atom(name))

    def _stands_alone(self, function: str, argument: Sum) -> bool:
        read = set(names(argument))
        return bool(read) and not read <= self._new and (function in BETWEEN_0_AND_1 or not read <= self._old)

    def recognised(self, value: Sum, known: Sequence[str] = COMPOUND) -> Sum:
        """A sum with its activations put together, those that are `known`."""
        while _factors(value) < MOST_FACTORS:
            shorter = self._activation_in(value, known)
            if shorter is None:
                break
            value = shorter
        return value

    def _activation_in(self, value: Sum, known: Sequence[str]) -> Sum | None:
        present, factors = set(self._functions(value)), _factors(value)
        for name in known:
            least, functions = self._required.get(name, (MOST_FACTORS, present))
            if factors >= least and functions <= present:
                for argument in self._candidates(value, functions, _DEPTHS[name]):
                    shorter = replaced_part(value, self._instance(name, argument), self.apply(name, (argument,)))
                    if shorter is not None:
                        return shorter
        return None

    def requirement(self, name: str) -> Requirement:
        """What has to stand in a sum for an activation to be in it: this number of factors, and these functions."""
        pattern = self._instance(name, of(Atom("a")))
        return _factors(pattern), set(self._functions(pattern))

    def _functions(self, value: Sum) -> Iterator[str]:
        for term in value.terms:
            if not term.factors:
                yield "number"
            for factor in term.factors:
                yield from self._functions_of(factor)

    def _functions_of(self, factor: Factor) -> Iterator[str]:
        """The function of a factor, with the numbers among its operands."""
        match factor:
            case Over():
                yield "over"
            case Apply(function="max" | "min" as function, operands=operands):
                yield function if all(map(_factors, operands)) else f"{function} with a number"
            case Apply(function=function, operands=operands):
                numbers = (key(operand) if not _factors(operand) else "" for operand in operands)
                yield f"{function}({', '.join(numbers)})"
            case Atom(name=name) if name in self.applied:
                yield f"{self.applied[name][0]}()"
            case Sum():
                yield from (f"inside: {function}" for function in self._functions(factor))

    def _candidates(self, value: Sum, functions: set[str], depth: int) -> list[Sum]:
        """What an activation in a sum may be of: operands in it, and what they add a number to or multiply by one."""
        arguments: dict[str, Sum] = {}
        for term in value.terms:
            for factor in term.factors:
                if set(self._functions_of(factor)) & functions:
                    for operand in self._operands(factor, depth):
                        varying = [text for text in operand.terms if text.factors]
                        if varying:
                            plain = scaled(Sum(tuple(varying)), 1 / (varying[0].coefficient or 1.0))
                            arguments |= {key(operand): operand, key(plain): plain}
        return [arguments[text] for text in sorted(arguments, key=lambda text: (_negative(arguments[text]), text))]

    def _operands(self, factor: Factor, depth: int) -> Iterator[Sum]:
        if isinstance(factor, Atom):
            operands = [self.applied[factor.name][1]] if factor.name in self.applied else []
        else:
            operands = [factor] if isinstance(factor, Sum) else [of(operand) for operand in inner(factor)]
        for operand in operands:
            if operand is not factor:
                yield operand
            for part in (part for term in operand.terms for part in term.factors):
                if depth > (operand is not factor):
                    yield from self._operands(part, depth - 1)

    def _instance(self, name: str, argument: Sum) -> Sum:
        """The formula of an activation of `argument`, itself not taken for one."""
        formula = activation(name)
        assert isinstance(formula, Call)
        smaller = COMPOUND[COMPOUND.index(name) + 1 :]
        operands = tuple(self._built(operand, argument, smaller) for operand in formula.operands)
        return arithmetic(formula.function, operands) or _applied(formula.function, operands)

    def _built(self, formula: Formula, argument: Sum, known: Sequence[str]) -> Sum:
        match formula:
            case Number(value=value):
                return constant(value)
            case Name():
                return argument
            case Call(function=function, operands=operands):
                return self.call(function, tuple(self._built(operand, argument, known) for operand in operands), known)


@functools.cache
def _required() -> dict[str, Requirement]:
    """What each compound activation requires; a larger one may have smaller ones inside."""
    requirements: dict[str, Requirement] = {}
    for name in reversed(COMPOUND):
        requirements[name] = Builder(set(), requirements).requirement(name)
    return requirements


def _applied(function: str, operands: tuple[Sum, ...]) -> Sum:
    """A function; the normal form has relu as the larger of two."""
    keys = tuple(map(key, operands))
    if function == "where_le" and keys[:2] == keys[:1:-1]:
        return of(Apply("max", operands[:2]))
    return of(Apply(function, operands))


def _factors(value: Sum) -> int:
    return sum(len(term.factors) for term in value.terms)


def _negative(value: Sum) -> int:
    """Terms with a minus: of an odd function of `a` it is not said that it is one of `-a`."""
    return sum(term.coefficient < 0 for term in value.terms)
