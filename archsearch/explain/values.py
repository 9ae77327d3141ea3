"""The step of a cell in one spelling, however its file spells it: roles are looked for in this one.

It is made from the normal form and from that alone, names put in at the end. So two files that spell the same
architecture lead to the same values, in the same order. A value is what a person tells apart: a gate is a linear map
with its activation, wherever the file applies it; a memory is a state or what stands in for one; everything else is
written into its readers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from archsearch.explain.canonical import CanonicalValues
from archsearch.explain.step import Step
from archsearch.explain.terms import Apply, Atom, Sum, atom_of, key, of, read, replaced
from archsearch.formula import names_in, parse
from archsearch.ir.dead import reached
from archsearch.schema.cell import Cell, Gate

UNNAMED = "~"
"""What the names of values begin with that have none in the file."""


@dataclasses.dataclass(frozen=True)
class Values:
    """The step of a cell's normal form. `meanings` says which of its values an equation is.

    `maps` are the equations that are only the linear map of a value with a name of its own, which is given. What the
    output never depends on is `unused`.
    """

    step: Step
    meanings: dict[str, str]
    maps: dict[str, str]
    unused: frozenset[str]


def values_of(cell: Cell, form: CanonicalValues) -> Values:
    """The values of a cell, under the names that its file has for them."""
    return _Naming(cell, form).values()


class _Naming:
    """Finds out what the file calls each value."""

    def __init__(self, cell: Cell, form: CanonicalValues) -> None:
        self.cell = cell
        self.form = form
        self.states = {value: name for name, value in form.states.items()}
        self.equations = self._meanings()

    def _meanings(self) -> dict[str, str]:
        """The value that each equation is, before values have names."""
        by_key: dict[str, str] = {}
        for value, made in self.form.made.items():
            if not made.has_parameters:
                inner = made.formula if made.activation == "identity" else of(Apply(made.activation, (made.formula,)))
                by_key.setdefault(key(inner), value)
        meanings: dict[str, str] = {}
        ends = self.form.states | ({} if self.cell.output in self.form.states else {self.cell.output: self.form.output})
        for name, equation in self.cell.equations.items():
            if name in ends:
                meanings[name] = ends[name]
                continue
            same = self._aliased(name)
            if same is not None:
                meaning = meanings.get(same)
            else:
                whole = self.form.value(name)
                meaning = None if whole is None else atom_of(whole) or by_key.get(key(whole))
            if meaning not in self.form.made and isinstance(equation, Gate):
                meaning = self.form.maps.get(name)
            if meaning in self.form.made:
                meanings[name] = str(meaning)
        return meanings

    def values(self) -> Values:
        names = self._names()
        step = self._renamed(names)
        meanings = {name: names[value] for name, value in self.equations.items()}
        maps = {name: names[value] for name, value in self.form.maps.items() if names.get(value, name) != name}
        maps = {name: value for name, value in maps.items() if not value.startswith(UNNAMED) and self._is_map(name)}
        meanings = {name: value for name, value in meanings.items() if name not in maps}
        return Values(step, meanings, maps, self._unused())

    def _unused(self) -> frozenset[str]:
        equations = self.cell.equations

        def reads(name: str) -> Iterator[str]:
            equation = equations.get(name, "0")
            texts = [*equation.linear, *equation.diagonal] if isinstance(equation, Gate) else [equation]
            names = (read for text in texts for read in names_in(parse(str(text))))
            return (read if read in equations else read.removesuffix("_prev") for read in names)

        return frozenset(equations.keys() - reached([self.cell.output], reads))

    def _is_map(self, name: str) -> bool:
        equation = self.cell.equations[name]
        return isinstance(equation, Gate) and equation.activation == "identity"

    def _names(self) -> dict[str, str]:
        """A name for each value: that of the state or the output which it is, else of its first equation."""
        names: dict[str, str] = dict(self.states)
        if self.form.output not in names:
            names[self.form.output] = self.cell.output
        for name, value in self.equations.items():
            if name not in self.cell.states and self._aliased(name) is None and self.form.maps.get(name) != value:
                names.setdefault(value, name)
        for name, value in (*self.form.maps.items(), *self.equations.items()):
            names.setdefault(value, name)
        for place, value in enumerate(self.form.made):
            names.setdefault(value, f"{UNNAMED}{place}")
        return names

    def _aliased(self, name: str) -> str | None:
        """The value for which an equation is only another name."""
        equation = self.cell.equations[name]
        return None if isinstance(equation, Gate) else atom_of(read(parse(str(equation))))

    def _renamed(self, names: dict[str, str]) -> Step:
        def put(name: str) -> Sum:
            state = name.removesuffix("_prev")
            known = name.endswith("_prev") and state in names
            return of(Atom(f"{names[state]}_prev" if known else names.get(name, name)))

        made = {
            names[value]: dataclasses.replace(old.mapped(lambda sum_: replaced(sum_, put)), name=names[value])
            for value, old in self.form.made.items()
        }
        return Step(tuple(self.states.values()), names[self.form.output], made)
