"""What each equation is for: roles follow from how a value is used, never from its name.

A value that multiplies a state of the step before keeps it; one between 0 and 1 that multiplies what is added to a
state writes it; one that multiplies a new state shows it; one that multiplies what another equation reads of a state
resets it. What a gate lets into a state is a cell input; what is only added up inside another equation is a part of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

from archsearch.explain.step import Made, Step
from archsearch.explain.terms import Apply, Atom, Factor, Over, Sum, Term, atom_of, names, of
from archsearch.explain.updates import GateUse, Piece, Update, gate_use, piece_of, update_of
from archsearch.ir.dead import reached

Use = Literal["keep", "write", "mix", "show", "reset", "scale"]


_NOTHING = Sum(())


@dataclasses.dataclass(frozen=True)
class GateRole:
    """One thing that a gate does: `target` is a state (keep, write, mix) or the equation in which it multiplies.

    `value` is what it multiplies, where that is not the state; of a mixture, what is mixed in. `share_kept` tells
    whether the gate itself, not one minus it, is the share of the state before. `before` tells a reset before the
    matrix from one after it.
    """

    use: Use
    target: str
    value: Sum = _NOTHING
    share_kept: bool = True
    before: bool = True


@dataclasses.dataclass(frozen=True)
class Roles:
    """The roles of a step's values by name; `parts` tells of which equation a value is only a summand."""

    updates: dict[str, Update]
    gates: dict[str, tuple[GateRole, ...]]
    cell_inputs: dict[str, tuple[str, ...]]
    parts: dict[str, str]
    factors: dict[str, tuple[str, ...]]
    """Values that are multiplied with others like them and written to these states: none is the gate of another."""


def find_roles(step: Step) -> Roles:
    """The roles of every value that the output depends on."""
    return _Finding(step).roles()


class _Finding:
    def __init__(self, step: Step) -> None:
        self.step = step
        self.updates: dict[str, Update] = {}
        self.gates: dict[str, dict[GateRole, None]] = {}
        self.cell_inputs: dict[str, dict[str, None]] = {}
        self.factors: dict[str, dict[str, None]] = {}
        self.parts = {name: target for name in step.made if (target := self._part_of(name))}

    def roles(self) -> Roles:
        self._find_updates()
        through = self._inside_updates()
        for update in self.updates.values():
            self._from_update(update)
        for made in self.step.made.values():
            if made.name in self.step.live:
                self._from_reads(made)
                if made.name not in self.updates and made.name not in through:
                    self._from_products(made)
        return Roles(
            self.updates,
            {name: tuple(uses) for name, uses in self.gates.items()},
            {name: tuple(uses) for name, uses in self.cell_inputs.items()},
            self.parts,
            {name: tuple(uses) for name, uses in self.factors.items() if name not in self.cell_inputs},
        )

    def _find_updates(self) -> None:
        """First those of states by themselves, then those of states that are merged with the output."""
        for state in self.step.states:
            if state in self.step.made and (update := update_of(self.step, state, state)) is not None:
                self.updates[state] = update
        through = self._inside_updates()
        for made in self.step.made.values():
            if made.name in self.step.states or made.name in through or not made.is_plain_formula:
                continue
            others = [state for state in self.step.states if state not in self.updates]
            updates = (update_of(self.step, made.name, state) for state in others)
            kept = [update for update in updates if update is not None]
            if len(kept) == 1:
                self.updates[made.name] = kept[0]

    def _inside_updates(self) -> set[str]:
        """The updates that are sums of products, and the equations that stand inside them."""

        def inside(name: str) -> Iterator[str]:
            equations = map(self.step.behind, self.step.made[name].formula.terms)
            return (made.name for made in equations if made is not None)

        sums = [name for name in self.updates if self.step.made[name].activation == "identity"]
        return reached(sums, inside)

    def _from_update(self, update: Update) -> None:
        mixing = update.mixture
        if mixing is not None:
            (written,) = update.written
            role = GateRole("mix", update.name, _value(written), share_kept=not mixing.complemented)
            self._gate(mixing, role)
            self._written(written, update.name)
            return
        for piece in update.kept:
            for gate in piece.gates:
                self._gate(gate, GateRole("keep", update.name))
        for piece in update.written:
            for gate in piece.gates:
                self._gate(gate, GateRole("write", update.name, _value(piece)))
            self._written(piece, update.name)

    def _gate(self, gate: GateUse, role: GateRole) -> None:
        if not gate.complemented or role.use == "mix":
            self.gates.setdefault(gate.name, {})[role] = None
        else:
            self.gates.setdefault(gate.name, {})[dataclasses.replace(role, share_kept=False)] = None

    def _written(self, piece: Piece, state: str) -> None:
        """What is written to a state: one cell input, or factors of which none is the gate of another."""
        roles = self.cell_inputs if len(piece.rest) == 1 else self.factors
        for name in map(atom_of, piece.rest):
            if name is not None and name in self.step.made and name not in self.step.states:
                roles.setdefault(name, {})[state] = None

    def _from_reads(self, made: Made) -> None:
        """Gates that multiply what a matrix or a vector of `made` reads."""
        for read in (*made.linear, *made.diagonal):
            for term in read.terms:
                self._reset(term, made.name, before=True)

    def _from_products(self, made: Made) -> None:
        """Gates that multiply something inside a formula that does not update a state."""
        if self.step.complement(made.name):
            return
        for term in self.step.spread(made.formula, without=self.updates):
            if self._reset(term, made.name, before=False) or len(term.factors) < 2:
                continue
            shown = [factor for factor in term.factors if self._is_new_memory(factor)]
            others = [factor for factor in term.factors if not self._is_new_memory(factor)]
            if shown and len(others) == 1 and (name := self._only_made(others[0])):
                self._gate(GateUse(name), GateRole("show", made.name, Sum((Term(1.0, tuple(shown)),))))
                continue
            piece = piece_of(self.step, term)
            for gate in () if any(isinstance(factor, Over) for factor in piece.rest) else piece.gates:
                self._gate(gate, GateRole("scale", made.name, _value(piece)))

    def _only_made(self, factor: Factor) -> str | None:
        name = atom_of(factor)
        return name if name in self.step.made and not self._is_new_memory(factor) else None

    def _is_new_memory(self, factor: Factor) -> bool:
        """Whether a factor is a new memory, or a function of such memories alone."""
        read = set(names(factor))
        return bool(read) and read <= set(self.updates)

    def _reset(self, term: Term, target: str, before: bool) -> bool:
        """Note a gate on what `target` reads of a state before; whether `term` is one."""
        uses = [(factor, gate_use(self.step, factor)) for factor in term.factors]
        gates = [use for _, use in uses if use is not None]
        rest = [factor for factor, use in uses if use is None]
        if not gates or len(rest) != 1 or not self._comes_from_before(rest[0], directly=before):
            return False
        for gate in gates:
            self._gate(gate, GateRole("reset", self.parts.get(target, target), of(rest[0]), before=before))
        return True

    def _comes_from_before(self, factor: Factor, directly: bool) -> bool:
        """Whether a factor is a state before (or a function of it), or a linear map of states before."""
        if isinstance(factor, Apply):
            factor = factor.operands[0] if len(factor.operands) == 1 else factor
            return atom_of(factor) is not None and self._comes_from_before(Atom(str(atom_of(factor))), directly)
        name = atom_of(factor)
        if name is None:
            return False
        if self.step.previous(name):
            return directly
        made = self.step.made.get(name)
        if made is None or not made.has_parameters or made.activation != "identity" or not made.reads:
            return False
        return not directly and all(self.step.previous(read) for read in made.reads)

    def _part_of(self, name: str) -> str | None:
        """The one equation inside whose activation `name`, a linear map, is added up; maybe weighed by gates."""
        made = self.step.made[name]
        readers = list(self.step.readers(name))
        if made.activation != "identity" or not made.has_parameters or len(readers) != 1 or name in self.step.states:
            return None
        reader = readers[0]
        if reader.activation == "identity" or reader.has_parameters or name == self.step.output:
            return None
        for term in reader.formula.terms:
            others = [factor for factor in term.factors if factor != Atom(name) and _inside(factor) != name]
            if len(others) < len(term.factors) and all(gate_use(self.step, factor) for factor in others):
                return reader.name
        return None


def _inside(factor: Factor) -> str | None:
    """The name `a` where a factor is a function of `a` alone."""
    return atom_of(factor.operands[0]) if isinstance(factor, Apply) and len(factor.operands) == 1 else None


def _value(piece: Piece) -> Sum:
    return Sum((Term(piece.coefficient, piece.rest),))
