"""How a state comes out of the one before: what is kept of it, and what is written to it."""

from __future__ import annotations

import dataclasses

from archsearch.explain.step import Step
from archsearch.explain.terms import Atom, Factor, Sum, Term, atom_of, complement_of


@dataclasses.dataclass(frozen=True)
class GateUse:
    """A value as a factor, `complemented` where the factor is one minus it."""

    name: str
    complemented: bool = False


@dataclasses.dataclass(frozen=True)
class Piece:
    """A term: a number, the gates that weigh it, and the rest. Of a kept term the rest is the state before."""

    coefficient: float
    gates: tuple[GateUse, ...]
    rest: tuple[Factor, ...]


@dataclasses.dataclass(frozen=True)
class Update:
    """A new value of a memory: kept terms read `state` of the step before, element by element; others are written.

    `name` is the state itself, or an equation that does its work where the memory is merged with the output.
    """

    name: str
    state: str
    kept: tuple[Piece, ...]
    written: tuple[Piece, ...]

    @property
    def mixture(self) -> GateUse | None:
        """The gate that shares a state between the one before and something new, as it weighs the one before."""
        if len(self.kept) != 1 or len(self.written) != 1:
            return None
        (kept,), (written,) = self.kept, self.written
        if kept.coefficient != 1 or written.coefficient != 1 or len(kept.gates) != 1 or len(written.gates) != 1:
            return None
        (gate,), (other,) = kept.gates, written.gates
        return gate if gate.name == other.name and gate.complemented != other.complemented else None

    @property
    def average(self) -> float | None:
        """The share of the one before in a running average with constant shares."""
        if len(self.kept) != 1 or len(self.written) != 1 or self.kept[0].gates or self.written[0].gates:
            return None
        share = self.kept[0].coefficient
        return share if 0 < share < 1 and abs(share + self.written[0].coefficient - 1) < 1e-9 else None


def update_of(step: Step, name: str, state: str) -> Update | None:
    """How `name` updates `state`, or None where the one before does not enter element by element."""
    made = step.made[name]
    if made.has_parameters or name not in step.live:
        return None
    previous = f"{state}_prev"
    kept: list[Piece] = []
    written: list[Piece] = []
    terms = step.spread(made.formula) if made.activation == "identity" else made.formula.terms
    for term in _as_mixture(step, terms, previous):
        piece = _kept(step, term, previous)
        if piece is not None:
            kept.append(piece)
        else:
            written.append(piece_of(step, term))
    return Update(name, state, tuple(kept), tuple(written)) if kept else None


def keeps(step: Step, value: Sum, state: str) -> bool:
    """Whether a sum keeps the one before of this state, and of no other."""
    kept = [name for name in step.states if any(_kept(step, term, f"{name}_prev") is not None for term in value.terms)]
    return kept == [state]


def piece_of(step: Step, term: Term) -> Piece:
    """A term with its gates told from the rest: gates lie between 0 and 1; where all factors do, none is one."""
    uses = [(factor, gate_use(step, factor)) for factor in term.factors]
    gates = tuple(use for _, use in uses if use is not None)
    rest = tuple(factor for factor, use in uses if use is None)
    if gates and not rest:
        surely = tuple(use for use in gates if use.complemented or step.complement(use.name))
        if len(surely) != len(gates) - 1:
            return Piece(term.coefficient, (), term.factors)
        rest = tuple(factor for factor, use in uses if use not in surely)
        gates = surely
    return Piece(term.coefficient, gates, rest)


def gate_use(step: Step, factor: Factor) -> GateUse | None:
    """A factor between 0 and 1 as the use of a gate."""
    use = use_of(factor)
    return use if use is not None and step.in_unit_range(use.name) else None


def use_of(factor: Factor) -> GateUse | None:
    """A factor as a value or one minus a value; None where it is neither."""
    inner = complement_of(factor)
    name = inner or atom_of(factor)
    return None if name is None else GateUse(name, complemented=inner is not None)


def _kept(step: Step, term: Term, previous: str) -> Piece | None:
    """A term that is the one before times numbers and values made at this step."""
    if term.factors.count(Atom(previous)) != 1:
        return None
    gates = []
    for factor in term.factors:
        if factor == Atom(previous):
            continue
        use = use_of(factor)
        if use is None or use.name not in step.made:
            return None
        gates.append(use)
    return Piece(term.coefficient, tuple(gates), (Atom(previous),))


def _as_mixture(step: Step, terms: tuple[Term, ...], previous: str) -> tuple[Term, ...]:
    """`s + z * (n - s)` as `(1 - z) * s + z * n`."""
    if len(terms) != 2 or Term(1.0, (Atom(previous),)) not in terms:
        return terms
    moved = terms[1] if terms[0] == Term(1.0, (Atom(previous),)) else terms[0]
    steps = [factor for factor in moved.factors if isinstance(factor, Sum) and len(factor.terms) == 2]
    gates = [factor for factor in moved.factors if gate_use(step, factor) and atom_of(factor)]
    if moved.coefficient != 1 or len(moved.factors) != 2 or len(steps) != 1 or len(gates) != 1:
        return terms
    back, aims = Term(-1.0, (Atom(previous),)), list(steps[0].terms)
    if back not in aims:
        return terms
    aims.remove(back)
    rest = Sum((Term(1.0), Term(-1.0, (gates[0],))))
    return (Term(1.0, (rest, Atom(previous))), Term(aims[0].coefficient, (gates[0], *aims[0].factors)))
