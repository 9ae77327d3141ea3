"""Expanding a wiring into equations.

The expansion asks for each field only where the cell depends on it, from the output backwards, and a hole of a space is
chosen at that moment. So what is asked is what counts.

With m the memory of the step before (c_prev when separate, h_prev when merged):
c = f * m + i * g, h = o * squash(c). Open gates drop out as factors, closed ones drop their term.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from archsearch.schema.cell import Cell, Equation, Gate
from archsearch.schema.wiring import WiringGate

OPEN, CLOSED = "1", "0"


class OpenFields(Protocol):
    """Fields of a wiring that are holes; each is chosen when it is asked for."""

    def __contains__(self, path: str, /) -> bool: ...

    def value(self, path: str, /) -> Any:
        """The field's value."""

    def member(self, path: str, element: str, /) -> bool:
        """Whether the list contains `element`."""


_DEFAULTS: dict[str, Any] = {**WiringGate().model_dump(), "gate": "own", "place": "before"}


class WiringReader:
    """Reads the fields of a wiring by dotted path; `reads` keeps every field that was read, chosen or given."""

    def __init__(self, fields: Mapping[str, Any], holes: OpenFields | None = None) -> None:
        self.fields = fields
        self.holes = holes
        self.reads: dict[str, Any] = {}

    def value(self, path: str) -> Any:
        """The plain value at `path`; of a gate its mapping, of which `reads` only says that it is one."""
        value = self._resolve(path)
        self.reads[path] = "gate" if isinstance(value, dict) else value
        return value

    def member(self, path: str, element: str) -> bool:
        """Whether the list at `path` holds `element`; a question of its own where the list is a hole."""
        if self.holes is not None and path in self.holes:
            inside = self.holes.member(path, element)
        else:
            inside = element in self._resolve(path)
        self.reads[f"{path}.{element}"] = inside
        return inside

    def _resolve(self, path: str) -> Any:
        if self.holes is not None and path in self.holes:
            return self.holes.value(path)
        parent, _, field = path.rpartition(".")
        if not parent:
            return self.fields[field]
        whole = self._resolve(parent)
        return whole.get(field, _DEFAULTS.get(field)) if isinstance(whole, dict) else _DEFAULTS.get(field)


def expand(reader: WiringReader, name: str) -> Cell:
    """The equations of the wiring that `reader` reads."""
    return _Expansion(reader).cell(name)


class _Expansion:
    """The factors with which memory, cell input and output enter, and the gates that have parameters.

    A factor is a formula: a gate's name, its complement, or `1` and `0` for open and closed.
    """

    def __init__(self, reader: WiringReader) -> None:
        self.reader = reader
        self.gates: dict[str, str] = {}  # equation name -> the wiring's name of the gate
        self.output = self._factor("output", "o")
        self.squash = CLOSED if self.output == CLOSED else reader.value("squash")
        # a memory that is handed out as it is is h: separate states would be one value under two names
        self.bare = self.output == OPEN and self.squash == "identity"
        self.merged = self.output == CLOSED or self.bare or reader.value("state_merging") == "merged"
        self.memory = "h_prev" if self.merged else "c_prev"
        self.input = self.forget = self.reset = CLOSED
        self.recurrent: list[str] = []

    def cell(self, name: str) -> Cell:
        if self.output == CLOSED:
            return Cell(cell=name, states={"h": 0.0}, output="h", equations={"h": "0"})
        self._couple()
        place = self._choose_reset() if self.input != CLOSED else "before"
        if self.gates and self.reader.value("gate_recurrence"):
            self.recurrent = [gate for gate in ("i", "f", "z", "r", "o") if gate in self.gates]
        states = ["h"] if self.merged else ["h", "c"]
        return Cell(
            cell=name,
            states=dict.fromkeys([*states, *self.recurrent], 0.0),
            output="h",
            equations=self._equations(place),
        )

    def _factor(self, gate: str, equation: str) -> str:
        entry = self.reader.value(f"gates.{gate}")
        if isinstance(entry, str):
            return OPEN if entry == "open" else CLOSED
        self.gates[equation] = gate
        return equation

    def _couple(self) -> None:
        coupling = self.reader.value("coupling")
        letter = "z" if self.merged else ""  # the GRU family calls its one coupled gate z
        if coupling == "i = 1 - f":
            self.forget = self._factor("forget", letter or "f")
            self.input = _complement(self.forget)
        elif coupling == "f = 1 - i":
            self.input = self._factor("input", letter or "i")
            self.forget = _complement(self.input)
        else:
            self.forget = self._factor("forget", "f")
            self.input = self._factor("input", "i")

    def _choose_reset(self) -> str:
        """Set the factor on what the cell input reads of h_prev; return its place."""
        if self.reader.value("gates.reset") == "none":
            self.reset = OPEN
            return "before"
        gate = self.reader.value("gates.reset.gate")
        if gate == "own":
            self.reset = "r"
            self.gates["r"] = "reset"
        else:
            self.reset = self.input if gate == "input" else self.forget
        return str(self.reader.value("gates.reset.place")) if self.reset not in (OPEN, CLOSED) else "before"

    def _equations(self, place: str) -> dict[str, Equation]:
        made: dict[str, Equation] = {}
        for letter in ("i", "f", "z", "r"):
            if letter in self.gates:
                made[letter] = self._gate(letter)
        cell_input = "n" if self.merged else "g"
        if self.input != CLOSED:
            made |= self._cell_input(cell_input, place)
        memory = "h" if self.bare else "c"
        made[memory] = _sum(_product(self.forget, self.memory), _product(self.input, cell_input))
        if "o" in self.gates:
            made["o"] = self._gate("o")
        if memory == "c":
            made["h"] = _product(self.output, "c" if self.squash == "identity" else f"{self.squash}(c)")
        return made

    def _gate(self, equation: str) -> Gate:
        gate = self.gates[equation]
        linear = ["x", "h_prev", *(f"{other}_prev" for other in self.recurrent)]
        if gate == "reset":
            return Gate(linear=linear, activation="sigmoid")
        empty = gate == "output" and self.forget == self.input == CLOSED  # its memory is always 0
        peephole = not empty and self.reader.member("peepholes", gate)
        return Gate(
            linear=linear,
            diagonal=["c" if gate == "output" else self.memory] if peephole else [],
            bias=self.reader.value(f"gates.{gate}.bias"),
            activation=self.reader.value(f"gates.{gate}.activation"),
        )

    def _cell_input(self, name: str, place: str) -> dict[str, Equation]:
        activation = self.reader.value("cell_input")
        if self.reset == CLOSED:
            return {name: Gate(linear=["x"], activation=activation)}
        if place == "before":
            return {name: Gate(linear=["x", _product(self.reset, "h_prev")], activation=activation)}
        return {
            f"{name}x": Gate(linear=["x"]),
            f"{name}h": Gate(linear=["h_prev"]),
            name: f"{activation}({name}x + {self.reset} * {name}h)",
        }


def _complement(factor: str) -> str:
    return {OPEN: CLOSED, CLOSED: OPEN}.get(factor, f"(1 - {factor})")


def _product(factor: str, value: str) -> str:
    if factor == CLOSED:
        return CLOSED
    return value if factor == OPEN else f"{factor} * {value}"


def _sum(*terms: str) -> str:
    return " + ".join(term for term in terms if term != CLOSED) or CLOSED
