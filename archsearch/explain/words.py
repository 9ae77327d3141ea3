"""What values are called in sentences, and formulas in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archsearch.explain.activations import BOUNDS
from archsearch.explain.roles import GateRole, Roles
from archsearch.explain.step import Made, Step
from archsearch.explain.terms import (
    Apply,
    Atom,
    Factor,
    Over,
    Sum,
    Term,
    atom_of,
    complement_of,
    of,
    only,
    replaced,
    size,
    spelled,
)
from archsearch.explain.updates import GateUse, gate_use, piece_of
from archsearch.explain.values import UNNAMED
from archsearch.ir.instructions import spell

INPUT = "x"
LONGEST = 30
"""Terms and factors of a formula in words."""
MOST_TERMS = 64
"""A sum of more terms is not told term by term."""
_NAMELESS = ("memory", "slow memory", "state", "output")
"""Nouns that go without the value's name where only one value has them."""

_GATES = {"keep": "forget", "write": "input", "show": "output", "reset": "reset", "scale": ""}
_BINARY = {
    "max": "the larger of {} and {}",
    "min": "the smaller of {} and {}",
    "gt": "1 where {} is greater than {}, else 0",
    "power": "{} to the power {}",
}


class Words:
    """Titles, nouns and phrases for the values of one step."""

    def __init__(self, step: Step, roles: Roles) -> None:
        self.step = step
        self.roles = roles
        self._formulas: dict[str, Sum] = {}
        self._write_out()
        self.titles = {name: self._title(name) for name in step.made}
        self.nouns = {name: self._noun(name) for name in step.made}
        self._common = Counter(noun for name, noun in self.nouns.items() if name in step.live)

    def seen(self, value: Sum) -> Sum:
        """A sum in which values that have neither a name nor a noun are written out."""
        return replaced(value, lambda name: of(Atom(name)) if self.nouns.get(name) else self._written_out(name))

    def _written_out(self, name: str) -> Sum:
        """A value by name, or its formula where the file has no name for it."""
        return self._formulas.get(name) or of(Atom(name))

    def _write_out(self) -> None:
        """Find the formulas of values without a name; long ones are left out."""
        for name, made in self.step.made.items():  # what a value reads stands above it
            if name.startswith(UNNAMED):
                inner = replaced(made.formula, self._written_out)
                whole = inner if made.activation == "identity" else of(Apply(made.activation, (inner,)))
                self._formulas[name] = whole if size(whole) <= LONGEST else of(Atom("(...)"))

    def _spelled(self, value: Sum | Factor) -> str:
        """A sum as a formula of names that the file has."""
        return spelled(replaced(of(value), self._written_out))

    def value(self, name: str) -> str:
        """`the input`, `the output before`, `the cell input g`, or the name itself."""
        if name == INPUT:
            return "the input"
        state = self.step.previous(name)
        return f"{self.now(state)} before" if state else self.now(name)

    def now(self, name: str) -> str:
        """A value of this step; `the memory` without its name where there is one memory."""
        noun = self.nouns.get(name, "")
        if not noun:
            return name
        alone = noun in _NAMELESS and self._common[noun] == 1 and self.titles[name] != "state"
        alone = alone or name.startswith(UNNAMED)
        return f"the {noun}" if alone else f"the {noun} {name}"

    def gates(self, uses: Sequence[GateUse], verb: str) -> str:
        """`the forget gate f keeps`, `1 minus the gate z and the gate r keep`."""
        spoken = [f"1 minus {self.value(use.name)}" if use.complemented else self.value(use.name) for use in uses]
        return f"{listed(spoken)} {verb}{'s' if len(spoken) == 1 else ''}"

    def mixed(self, one: str, other: str, gate: GateUse) -> str:
        """A mixture of two values; `gate` is the share of the first, or what the share leaves."""
        share = "latter" if gate.complemented else "former"
        return f"a mixture of {one} and {other}, in which {self.value(gate.name)} is the share of the {share}"

    def describe(self, value: Sum, whole: bool = True) -> str:
        """A formula in words; its inner parts in the notation of the file where they are not simple.

        `whole` tells that nothing surrounds it.
        """
        terms = self.seen(value).terms
        if not terms:
            return "always 0" if whole else "0"
        if len(terms) == 1:
            return self._term(terms[0], whole)
        if len(terms) > MOST_TERMS:
            return f"the sum of {len(terms)} terms"
        if (mixed := self._mixture(terms)) is not None:
            return mixed
        added = [self._term(term) for term in terms if term.coefficient >= 0]
        taken = [self._term(Term(-term.coefficient, term.factors)) for term in terms if term.coefficient < 0]
        if not added:
            return f"minus the sum of {listed(taken)}"
        total = f"the sum of {listed(added)}" if len(added) > 1 else added[0]
        if not taken:
            return total
        return f"{total}{',' if len(added) > 1 else ''} minus {listed(taken)}"

    def sources(self, made: Made, without: Sequence[Sum] = ()) -> list[str]:
        """What an equation is made from: the input, what was before, and what else it reads; `without` is left out."""
        befores: list[str] = []
        phrases: list[str] = []
        for read in made.linear:
            self._source(read, befores, phrases)
        for term in made.formula.terms:
            self._source(Sum((term,)), befores, phrases)
        vectors = [read for read in made.diagonal if read not in without]
        phrases += [f"{self.describe(read, whole=False)} (element by element)" for read in vectors]
        if "the input" in phrases:
            phrases.insert(0, "the input")
        place = int("the input" in phrases)
        separate = [f"{noun} before" for noun in befores]
        phrases[place:place] = separate if len(befores) < 3 else [f"{listed(befores)} of the step before"]
        return list(dict.fromkeys(phrases))

    def _source(self, read: Sum, befores: list[str], phrases: list[str]) -> None:
        read = self.seen(read)
        name = atom_of(read)
        state = self.step.previous(name or "")
        if state:
            if (noun := self.now(state)) not in befores:
                befores.append(noun)
        elif name == INPUT:
            phrases.append("the input")
        elif name in self.roles.parts:
            inner: list[str] = []
            made = self.step.made[str(name)]
            for part in made.linear:
                self._source(part, befores, inner)
            phrases += inner
        elif name is not None and name in self.roles.updates:
            phrases.append(self.now(name).replace("the ", "the new ", 1))
        else:
            phrases.append(self._gated(read) or self.describe(read, whole=False))

    def _gated(self, read: Sum) -> str | None:
        """`as much of the state before as the reset gate r lets through`."""
        if len(read.terms) != 1:
            return None
        piece = piece_of(self.step, read.terms[0])
        if not piece.gates or len(piece.rest) != 1 or piece.coefficient != 1 or isinstance(piece.rest[0], Over):
            return None
        name = atom_of(piece.rest[0])
        made = self.step.made.get(name or "")
        inner = listed(self.sources(made)) if made and name in self.roles.parts else self._factor(piece.rest[0])
        return f"as much of {inner} as {self.gates(piece.gates, 'let')} through"

    def _term(self, term: Term, whole: bool = False) -> str:
        if not term.factors:
            return f"always {spell(term.coefficient)}" if whole else spell(term.coefficient)
        if whole and (gated := self._gated(Sum((term,)))) is not None:
            return gated
        above = [factor for factor in term.factors if not isinstance(factor, Over)]
        if not above:
            product = "1"
        elif len(above) == 1:
            product = self._function(above[0]) if whole and len(term.factors) == 1 else self._factor(above[0])
        elif whole:
            product = f"the product of {listed(list(map(self._factor, above)))}"
        else:
            product = " times ".join(map(self._factor, above))
        for factor in term.factors:
            if isinstance(factor, Over):
                product += f" divided by {self._factor(only(factor.value) or factor.value)}"
        if term.coefficient == 1:
            return product
        return f"minus {product}" if term.coefficient == -1 else f"{spell(term.coefficient)} times {product}"

    def _mixture(self, terms: tuple[Term, ...]) -> str | None:
        """`a * u + (1 - a) * v`."""
        if len(terms) != 2 or any(term.coefficient != 1 or len(term.factors) < 2 for term in terms):
            return None
        for factor in terms[0].factors:
            use = gate_use(self.step, factor)
            if use is None:
                continue
            for other in terms[1].factors:
                if gate_use(self.step, other) == GateUse(use.name, not use.complemented):
                    rests = [_without(terms[0], factor), _without(terms[1], other)]
                    return self.mixed(self._term(rests[0]), self._term(rests[1]), use)
        return None

    def _function(self, factor: Factor) -> str:
        if not isinstance(factor, Apply):
            return self._factor(factor)
        operands = [
            self._spelled(operand) if len(operand.terms) > 1 else self.describe(operand, whole=False)
            for operand in factor.operands
        ]
        if len(operands) == 2:
            return _BINARY[factor.function].format(*operands)
        return f"{factor.function} of {operands[0]}"

    def _factor(self, factor: Factor) -> str:
        """A factor inside a phrase: simple ones in words, others as they are written."""
        if isinstance(factor, Atom):
            return self.value(factor.name)
        if isinstance(factor, Apply) and len(factor.operands) == 1 and (name := atom_of(factor.operands[0])):
            return f"{factor.function} of {self.value(name)}"
        inner = complement_of(factor)
        if inner is not None:
            return f"(1 minus {self.value(inner)})"
        return self._spelled(factor) if not isinstance(factor, Sum) else f"({self._spelled(factor)})"

    def _title(self, name: str) -> str:
        if name not in self.step.live:
            return "unused"
        if name in self.roles.updates:
            if name == self.step.output:
                return "state and output" if name in self.step.states else "output"
            return "slow memory" if self.roles.updates[name].average else "memory"
        if name == self.step.output:
            return "output"
        if name in self.roles.gates:
            coupled = self.step.complement(name) is not None
            return self.gate_title(self.roles.gates[name]) + (", coupled" if coupled else "")
        if name in self.roles.cell_inputs:
            return "cell input"
        if name in self.roles.parts:
            return "part"
        return "state" if name in self.step.states else ""

    def _noun(self, name: str) -> str:
        title = self.titles[name].removesuffix(", coupled")
        if title in ("", "unused"):
            return ""
        if title.endswith("gate"):
            return "gate" if " and " in title else title
        return {"state and output": "state", "part": ""}.get(title, title)

    def gate_title(self, roles: tuple[GateRole, ...]) -> str:
        """`forget gate`, `input and forget gate`."""
        kinds: list[str] = []
        for role in roles:
            if role.use != "mix":
                kinds.append(_GATES[role.use])
            elif role.target == self.step.output:
                kinds.append("update")
            else:
                kinds += ["forget", "input"] if role.share_kept else ["input", "forget"]
        kinds = [kind for kind in dict.fromkeys(kinds) if kind]
        return f"{listed(kinds)} gate" if kinds else "gate"


def through(activation: str) -> str:
    """`, squashed by tanh`, `, passed through relu`, or nothing."""
    if activation == "identity":
        return ""
    return f", squashed by {activation}" if activation in BOUNDS else f", passed through {activation}"


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else "nothing"


def _without(term: Term, factor: Factor) -> Term:
    rest = list(term.factors)
    rest.remove(factor)
    return Term(term.coefficient, tuple(rest))
