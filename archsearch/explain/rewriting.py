"""Other sums in the place of sums, and the order of terms and factors."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

from archsearch.explain.step import Made
from archsearch.explain.terms import Apply, Atom, Factor, Sum, Term, key, names, of, product, rewritten


def replaced_part(value: Sum, part: Sum, by: Sum, *, multiples: bool = False) -> Sum | None:
    """A sum with `by` in the place of some terms, or of some factors of one; None where it has no such part.

    Of `multiples` of its terms, as in `2 * a + b`, one is taken.
    """
    if len(part.terms) > 1:
        return _without_terms(value, part, by, multiples)
    (term,) = part.terms
    needed = Counter(map(key, term.factors))
    for place, other in enumerate(value.terms):
        if needed and needed <= Counter(map(key, other.factors)):
            factors = list(other.factors)
            for text in needed.elements():
                factors.remove(next(factor for factor in factors if key(factor) == text))
            whole = product(Sum((Term(other.coefficient / term.coefficient, tuple(factors)),)), by)
            return Sum((*value.terms[:place], *whole.terms, *value.terms[place + 1 :]))
    return None


def _without_terms(value: Sum, part: Sum, by: Sum, multiples: bool) -> Sum | None:
    left = list(value.terms)
    for term in part.terms:
        same = [other for other in left if _factors_key(other) == _factors_key(term)]
        whole = next((other for other in same if other.coefficient == term.coefficient), None)
        more = (other for other in same if multiples and other.coefficient / (term.coefficient or 1.0) >= 2)
        taken = whole or next(more, None)
        if taken is None:
            return None
        rest = taken.coefficient - term.coefficient
        place = left.index(taken)
        left[place : place + 1] = [Term(rest, taken.factors)] if rest else []
    return Sum((*left, *by.terms))


def _factors_key(term: Term) -> str:
    return key(Sum((Term(1.0, term.factors),)))


def shortened(value: Sum, parts: Sequence[Made]) -> Sum:
    """A sum in which the name of a value takes the place of all its terms, or of all its factors."""

    def put(inner: Sum) -> Sum:
        for part in parts:
            inner = replaced_part(inner, part.formula, of(Atom(part.name)), multiples=True) or inner
        return inner

    return rewritten(value, put)


class Order:
    """Sorts terms and factors: positive before negative ones, numbers first, then by what they read."""

    def __init__(self, places: dict[str, tuple[int, ...]]) -> None:
        self.places = places

    def made(self, made: Made) -> Made:
        """A value with its sums sorted."""
        ordered = made.mapped(lambda value: rewritten(value, self._terms))
        linear, diagonal = (tuple(sorted(reads, key=self._of)) for reads in (ordered.linear, ordered.diagonal))
        return dataclasses.replace(ordered, linear=linear, diagonal=diagonal)

    def _terms(self, value: Sum) -> Sum:
        terms = [Term(term.coefficient, self._factors(term)) for term in value.terms]
        return Sum(tuple(sorted(terms, key=lambda term: (term.coefficient < 0, self._of(Sum((term,)))))))

    def _factors(self, term: Term) -> tuple[Factor, ...]:
        return tuple(sorted(map(self._operands, term.factors), key=lambda factor: self._of(of(factor))))

    def _operands(self, factor: Factor) -> Factor:
        if isinstance(factor, Apply) and factor.function in ("max", "min"):
            return Apply(factor.function, tuple(sorted(factor.operands, key=self._of)))
        return factor

    def _of(self, value: Sum) -> tuple[list[tuple[int, ...]], str]:
        return sorted((self.places.get(name, (0,)) for name in names(value)), reverse=True), key(value)
