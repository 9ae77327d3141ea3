"""Sums and products of many terms, and what they have in common: computed once, whichever of them was written first.

A term is a value with a sign; in a product the sign is always plus. Values are numbers; those below the first free one
are the caller's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Literal

Op = Literal["add", "mul"]
Term = tuple[bool, int]
"""Whether it is subtracted, and the value."""

MOST_PAIRS = 20_000
"""Pairs of terms beyond which common ones are not looked for: each that is taken out costs a look at all others."""


class Chains:
    """Sums and products by number; equal ones are one."""

    def __init__(self, first_free: int) -> None:
        self.chains: dict[int, tuple[Op, frozenset[Term]]] = {}
        self.doubles: dict[int, tuple[Op, int]] = {}
        """What is added to or multiplied by itself."""
        self._counts: dict[int, tuple[Op, Mapping[Term, int]]] = {}
        self._next = first_free
        self._numbers: dict[object, int] = {}

    def number(self, key: object) -> int:
        """The value that `key` stands for; a new one at first."""
        if key not in self._numbers:
            self._numbers[key] = self._next
            self._next += 1
        return self._numbers[key]

    def of(self, op: Op, counts: Mapping[Term, int]) -> int:
        """The chain in which each term occurs so often."""
        if [*counts.values()] == [1] and not next(iter(counts))[0]:
            return next(iter(counts))[1]
        number = self.number((op, frozenset(counts.items())))
        self._counts[number] = op, counts
        return number

    def share(self) -> None:
        """Write all chains down such that what several have in common is one value. Nothing is added after it."""
        ops: tuple[Op, ...] = ("mul", "add")
        for op in ops:
            for number, counts in self._with_parts(op).items():
                self.chains[number] = op, self._doubled(op, counts)
        for op in ops:
            self._take_out_pairs(op)

    def _with_parts(self, op: Op) -> dict[int, Counter[Term]]:
        """The chains in which shorter ones stand for their terms, the longest first."""
        chains = {number: counts for number, (own, counts) in self._counts.items() if own == op}
        uses = Counter(term for counts in chains.values() for term in counts)
        lengths = {number: sum(counts.values()) for number, counts in chains.items()}
        known: defaultdict[Term, list[int]] = defaultdict(list)  # by their rarest term
        written = dict[int, Counter[Term]]()
        for number in sorted(chains, key=lambda number: (lengths[number], number)):
            left, parts = Counter(chains[number]), Counter[Term]()
            inside = [part for term in chains[number] for part in known[term]]
            for part in sorted(inside, key=lambda part: (-lengths[part], part)):
                times = min(left[term] // count for term, count in chains[part].items())
                if times:
                    left -= Counter({term: times * count for term, count in chains[part].items()})
                    parts[False, part] = times
            known[min(chains[number], key=lambda term: (uses[term], term))].append(number)
            written[number] = left + parts
        return written

    def _doubled(self, op: Op, counts: Mapping[Term, int]) -> frozenset[Term]:
        """Terms that each occur once; those that occur more often come in by doubling: s + s, t * t."""
        terms = frozenset[Term]()
        for bit in reversed(range(max(counts.values()).bit_length())):
            further = frozenset(term for term, count in counts.items() if count >> bit & 1)
            terms = further | self._double(op, terms) if terms else further
        return terms

    def _double(self, op: Op, terms: frozenset[Term]) -> frozenset[Term]:
        value = self._of_terms(op, terms)
        number = self.number(("twice", op, value))
        self.doubles[number] = op, value
        return frozenset({(False, number)})

    def _of_terms(self, op: Op, terms: frozenset[Term]) -> int:
        number = self.of(op, dict.fromkeys(terms, 1))
        if number in self._counts:
            self.chains.setdefault(number, (op, terms))
        return number

    def _take_out_pairs(self, op: Op) -> None:
        """Make a chain of two terms that stand together in several; one of two that are subtracted saves nothing."""
        while True:
            chains = {number: terms for number, (own, terms) in self.chains.items() if own == op}
            if sum(len(terms) ** 2 for terms in chains.values()) > 2 * MOST_PAIRS:
                return
            pairs = (pair for terms in chains.values() for pair in combinations(sorted(terms), 2))
            counts = Counter(pair for pair in pairs if not pair[0][0])
            pair = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
            if pair is None or counts[pair] == 1:
                return
            whole = self._of_terms(op, frozenset(pair))
            for number, terms in chains.items():
                if terms >= set(pair) and number != whole:
                    self.chains[number] = op, terms - set(pair) | {(False, whole)}

    def operands(self, number: int) -> list[int]:
        """What a chain or a double reads; nothing where `number` is neither."""
        if number in self.doubles:
            return [self.doubles[number][1]]
        return [value for _, value in self.ordered(number)] if number in self.chains else []

    def ordered(self, number: int) -> list[Term]:
        """The terms of a chain in the order in which they are put together.

        The first is not subtracted where there is such a one. Products come last: each is added by the instruction that
        makes it, where the processor can.
        """
        op, terms = self.chains[number]
        ordered = sorted(terms, key=lambda term: (op == "add" and self._is_product(term[1]), *term))
        first = next((index for index, (subtracted, _) in enumerate(ordered) if not subtracted), 0)
        return [ordered[first], *ordered[:first], *ordered[first + 1 :]]

    def _is_product(self, value: int) -> bool:
        return value in self.chains and self.chains[value][0] == "mul"


def below_first(ends: Iterable[int], reads: Callable[[int], list[int]]) -> Iterator[int]:
    """Each value that the ends lead to, after those that it reads."""
    done = set[int]()
    waiting = [*ends][::-1]
    while waiting:
        value = waiting[-1]
        missing = [read for read in reads(value) if read not in done] if value not in done else []
        if missing:
            waiting += reversed(missing)
            continue
        waiting.pop()
        if value not in done:
            done.add(value)
            yield value
