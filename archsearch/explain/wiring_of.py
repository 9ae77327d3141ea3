"""Reading equations as a wiring: what the four words (gates, peepholes, coupling, state merging) would have to say.

A reading is a guess that is proved: it counts only where the wiring expands to the same architecture.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from archsearch.errors import InvalidInput
from archsearch.explain.step import Made
from archsearch.explain.terms import Apply, Atom, Factor, Sum, Term, atom_of, of
from archsearch.explain.updates import GateUse, update_of, use_of
from archsearch.explain.viewed import values_in
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.ir.wiring import WiringReader, expand
from archsearch.schema.cell import Cell
from archsearch.schema.wiring import WiringBody

OPEN, CLOSED = GateUse("open"), GateUse("closed")
"""GateUses of 1 and 0, without a gate."""


@dataclasses.dataclass(frozen=True)
class _Shown:
    """How the output comes out of a memory: the memory, its gate, and the activation between."""

    memory: Made
    gate: GateUse
    squash: str


@dataclasses.dataclass(frozen=True)
class _Filled:
    """How a memory comes out of the one before: the weights of both, and the equation of the cell input."""

    forget: GateUse
    input: GateUse
    cell_input: str


def wiring_of(cell: Cell) -> dict[str, Any] | None:
    """Every field that counts of a wiring that is the same architecture as `cell`; None where none was found."""
    reading = _Reading(cell)
    own_id = arch_id(lower(cell))
    for fields in reading.guesses():
        try:
            reader = WiringReader(WiringBody.model_validate(fields).model_dump())
            if arch_id(lower(expand(reader, "wiring"))) == own_id:
                return reader.reads
        except InvalidInput:
            continue
    return None


class _Reading:
    def __init__(self, cell: Cell) -> None:
        self.step = values_in(cell, lower(cell)).step
        self.output = self.step.output
        self.before = f"{self.output}_prev"

    def guesses(self) -> Iterator[dict[str, Any]]:
        """Wirings that the cell might be, as plain data."""
        if not self.step.made[self.output].reads:
            yield {"gates": {"output": "closed"}}
        for shown in self._shown():
            name = shown.memory.name
            if self.step.previous(name):  # nothing is written to it
                yield self._fields(shown, _Filled(OPEN, CLOSED, ""), name == self.before) or {}
                continue
            merged_too = name != self.output
            for merged in (False, True) if merged_too else (True,):
                previous = self.before if merged else f"{name}_prev"
                for filled in self._filled(shown, previous):
                    fields = self._fields(shown, filled, merged)
                    if fields is not None:
                        yield fields

    def _shown(self) -> Iterator[_Shown]:
        made = self.step.made[self.output]
        if not made.has_parameters and made.activation != "identity":
            if memory := self._memory(made.formula):
                yield _Shown(memory, OPEN, made.activation)
            if self.output in self.step.states and update_of(self.step, self.output, self.output) is not None:
                yield _Shown(made, OPEN, made.activation)
        term = made.formula.terms[0] if len(made.formula.terms) == 1 else Term(0.0)
        gate = self._weight(term.factors[0]) if len(term.factors) == 1 else None
        if made.is_plain_formula and term.coefficient == 0 and gate is not None:
            yield _Shown(Made("", "identity", Sum(())), gate, "tanh")
        if made.is_plain_formula and term.coefficient == 1 and len(term.factors) in (1, 2):
            for index, factor in enumerate(term.factors):
                others = [other for place, other in enumerate(term.factors) if place != index]
                weight = self._weight(others[0]) if others else OPEN
                for memory, squash in self._views(factor) if weight is not None else ():
                    yield _Shown(memory, weight or OPEN, squash)
        yield _Shown(made, OPEN, "identity")

    def _views(self, factor: Factor) -> Iterator[tuple[Made, str]]:
        """A memory and the activation that it passes through."""
        if isinstance(factor, Apply) and len(factor.operands) == 1 and (memory := self._memory(factor.operands[0])):
            yield memory, factor.function
        made = self.step.made.get(atom_of(factor) or "")
        if made is not None and made.activation != "identity" and not made.has_parameters:
            yield self._memory(made.formula) or Made("", "identity", made.formula), made.activation
        if memory := self._memory(factor):
            yield memory, "identity"

    def _memory(self, value: Sum | Factor) -> Made | None:
        """A value, or a state before where that is the memory as it is."""
        name = atom_of(value) or ""
        return Made(name, "identity", of(Atom(name))) if self.step.previous(name) else self.step.made.get(name)

    def _filled(self, shown: _Shown, previous: str) -> Iterator[_Filled]:
        made = shown.memory
        inside = made.name == self.output and shown.squash != "identity"  # squashed where it is made
        if made.has_parameters or (made.activation != "identity" and not inside):
            yield _Filled(CLOSED, OPEN, made.name)
            return
        terms = self.step.spread(made.formula)
        kept = [term for term in terms if Atom(previous) in term.factors]
        written = [term for term in terms if Atom(previous) not in term.factors]
        if len(kept) > 1 or len(written) > 1 or any(term.coefficient != 1 for term in terms):
            return
        forget = self._forget(kept[0], previous) if kept else CLOSED
        if forget is None:
            return
        if not written:
            yield _Filled(forget, CLOSED, "")
            return
        for weight, cell_input in self._written(written[0]):
            yield _Filled(forget, weight, cell_input)

    def _forget(self, term: Term, previous: str) -> GateUse | None:
        others = [factor for factor in term.factors if factor != Atom(previous)]
        if len(others) + 1 != len(term.factors) or len(others) > 1:
            return None
        return self._weight(others[0]) if others else OPEN

    def _written(self, term: Term) -> Iterator[tuple[GateUse, str]]:
        """What may be the weight and the cell input; first those whose weight lies between 0 and 1."""
        if len(term.factors) == 1 and (cell_input := self._made(term.factors[0])):
            yield OPEN, cell_input
        if len(term.factors) == 2:
            both = [(term.factors[0], term.factors[1]), (term.factors[1], term.factors[0])]
            guesses = [(self._weight(one), self._made(other)) for one, other in both]
            pairs = [(weight, cell_input) for weight, cell_input in guesses if weight and cell_input]
            yield from sorted(pairs, key=lambda pair: not self.step.in_unit_range(pair[0].name))

    def _fields(self, shown: _Shown, filled: _Filled, merged: bool) -> dict[str, Any] | None:
        coupling = "none"
        gates = {"input": filled.input, "forget": filled.forget, "output": shown.gate}
        coupled = filled.input.complemented
        if coupled or filled.forget.complemented:
            if filled.input.name != filled.forget.name or coupled == filled.forget.complemented:
                return None
            coupling = "i = 1 - f" if coupled else "f = 1 - i"
            del gates["input" if coupled else "forget"]
        entries = {gate: self._entry(weight) for gate, weight in gates.items()}
        own = [self.step.made[weight.name] for weight in gates.values() if weight.name in self.step.made]
        cell_input = self.step.made.get(filled.cell_input)
        reset, weight = self._reset(cell_input, filled) if cell_input else ("none", OPEN)
        own += [self.step.made[weight.name]] if weight != OPEN else []
        fields: dict[str, Any] = {
            "gates": {**entries, "reset": reset},
            "peepholes": [gate for gate, weight in gates.items() if self._has_peephole(weight)],
            "coupling": coupling,
            "state_merging": "merged" if merged else "separate",
            "squash": shown.squash,
            "gate_recurrence": any(_reads_itself(made) for made in own),
        }
        return fields if cell_input is None else fields | {"cell_input": cell_input.activation}

    def _entry(self, weight: GateUse) -> Any:
        if weight in (OPEN, CLOSED):
            return weight.name
        made = self.step.made[weight.name]
        return {"activation": made.activation, "bias": "none" if made.bias is None else made.bias}

    def _has_peephole(self, weight: GateUse) -> bool:
        return weight not in (OPEN, CLOSED) and bool(self.step.made[weight.name].diagonal)

    def _reset(self, cell_input: Made, filled: _Filled) -> tuple[Any, GateUse]:
        """What multiplies the cell input's view of the output before: as a field, and the gate."""
        reads = cell_input.linear if cell_input.has_parameters else tuple(Sum((t,)) for t in cell_input.formula.terms)
        if cell_input.has_parameters and len(reads) == 1:
            return ({"place": "before", "gate": "forget"} if filled.forget == CLOSED else "none"), OPEN
        for read in reads:
            for factor in read.terms[0].factors if len(read.terms) == 1 and len(read.terms[0].factors) == 2 else ():
                weight = self._weight(factor)
                if weight is None or (not cell_input.has_parameters and self._is_linear_map(weight)):
                    continue
                gate = {filled.input: "input", filled.forget: "forget"}.get(weight, "own")
                return {"place": "before" if cell_input.has_parameters else "after", "gate": gate}, weight
        return "none", OPEN

    def _is_linear_map(self, weight: GateUse) -> bool:
        made = self.step.made[weight.name]
        return made.activation == "identity" and not made.diagonal and len(made.linear) == 1

    def _weight(self, factor: Factor) -> GateUse | None:
        """A factor as a gate with parameters, or one minus it."""
        use = use_of(factor)
        if use is None:
            return None
        inner = self.step.complement(use.name)
        weight = GateUse(inner, complemented=not use.complemented) if inner else use
        made = self.step.made.get(weight.name)
        return weight if made is not None and made.has_parameters else None

    def _made(self, value: Sum | Factor) -> str | None:
        name = atom_of(value)
        return name if name in self.step.made else None


def _reads_itself(gate: Made) -> bool:
    return any(read == Sum((Term(1.0, (Atom(f"{gate.name}_prev"),)),)) for read in gate.linear)
