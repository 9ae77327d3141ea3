"""Other sums in the place of sums, and the order of terms and factors."""

from __future__ import annotations

import dataclasses

from archsearch.explain.recognition import replaced_part
from archsearch.explain.step import Made
from archsearch.explain.terms import Apply, Atom, Factor, Over, Sum, Term, key, names, of, only


class Rewriting:
    """Puts other sums in the place of sums, inner ones first."""

    def put(self, value: Sum) -> Sum:
        """What stands in the place of a sum whose inner ones are replaced already."""
        raise NotImplementedError

    def whole(self, value: Sum) -> Sum:
        """A sum with all in it replaced."""
        terms = (Term(term.coefficient, tuple(map(self._factor, term.factors))) for term in value.terms)
        return self.put(Sum(tuple(terms)))

    def _factor(self, factor: Factor) -> Factor:
        match factor:
            case Apply(function=function, operands=operands):
                return Apply(function, tuple(map(self.whole, operands)))
            case Over(value=value):
                return Over(self.whole(value))
            case Sum():
                put = self.whole(factor)
                return only(put) or put
        return factor


class Replacing(Rewriting):
    """Puts a sum in the place of the one with this key."""

    def __init__(self, text: str, by: Sum) -> None:
        self.text = text
        self.by = by

    def put(self, value: Sum) -> Sum:
        """The other sum, if it is the one."""
        return self.by if key(value) == self.text else value


class Shortening(Rewriting):
    """Puts a value in the place of all its terms, or of all its factors."""

    def __init__(self, parts: list[Made]) -> None:
        self.parts = parts

    def put(self, value: Sum) -> Sum:
        """A sum that reads what it holds all of."""
        for part in self.parts:
            value = replaced_part(value, part.formula, of(Atom(part.name)), multiples=True) or value
        return value


class Order:
    """Sorts terms and factors: positive before negative ones, numbers first, then by what they read."""

    def __init__(self, places: dict[str, tuple[int, ...]]) -> None:
        self.places = places

    def made(self, made: Made) -> Made:
        """A value with its sums sorted."""
        sorted_ = made.mapped(self.whole)
        linear = tuple(sorted(sorted_.linear, key=self._of))
        return dataclasses.replace(sorted_, linear=linear, diagonal=tuple(sorted(sorted_.diagonal, key=self._of)))

    def whole(self, value: Sum) -> Sum:
        """A sum sorted, inner ones too."""
        terms = [Term(term.coefficient, self._factors(term)) for term in value.terms]
        return Sum(tuple(sorted(terms, key=lambda term: (term.coefficient < 0, self._of(Sum((term,)))))))

    def _factors(self, term: Term) -> tuple[Factor, ...]:
        return tuple(sorted(map(self._factor, term.factors), key=lambda factor: self._of(of(factor))))

    def _factor(self, factor: Factor) -> Factor:
        match factor:
            case Apply(function="max" | "min" as function, operands=operands):
                return Apply(function, tuple(sorted(map(self.whole, operands), key=self._of)))
            case Apply(function=function, operands=operands):
                return Apply(function, tuple(map(self.whole, operands)))
            case Over(value=value):
                return Over(self.whole(value))
            case Sum():
                return self.whole(factor)
        return factor

    def _of(self, value: Sum) -> tuple[list[tuple[int, ...]], str]:
        return sorted((self.places.get(name, (0,)) for name in names(value)), reverse=True), key(value)
