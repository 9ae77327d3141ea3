"""A cell with the roles of its equations, and a sentence for each."""

from __future__ import annotations

import dataclasses
import functools

from archsearch.explain.canonical import CanonicalValues
from archsearch.explain.roles import Roles, find_roles
from archsearch.explain.sentences import Sentence, Sentences
from archsearch.explain.step import Step, written
from archsearch.explain.values import Values, values_of
from archsearch.ir import CellIR, lower
from archsearch.ir.identity import arch_id, canonical_order
from archsearch.schema.cell import Cell


@dataclasses.dataclass(frozen=True)
class Viewed:
    """A cell, its instructions, and for each equation its title (`input gate`), noun (`gate`) and sentence.

    Titles and nouns are empty without a role. `written` is the step as the file has it, `values` the one in
    which the `roles` were found.
    """

    cell: Cell
    ir: CellIR
    arch_id: str
    written: Step
    values: Values
    roles: Roles
    titles: dict[str, str]
    nouns: dict[str, str]
    sentences: dict[str, Sentence]

    def purpose(self, name: str) -> str:
        """An equation's title, with what it is a part of."""
        return self.sentences[name].title if self.titles[name] == "part" else self.titles[name]


@functools.lru_cache(maxsize=128)
def _canonical(ir: CellIR) -> CanonicalValues:
    return CanonicalValues(ir, canonical_order(ir))


def view(cell: Cell) -> Viewed:
    """Everything about a cell; raises `InvalidInput` where its equations are not sound."""
    ir = lower(cell)
    step, values = written(cell), values_in(cell, ir)
    roles = find_roles(values.step)
    spoken = Sentences(step, values, roles)
    return Viewed(cell, ir, arch_id(ir), step, values, roles, spoken.titles(), spoken.nouns(), spoken.all())


def starts(ir: CellIR) -> tuple[list[float], list[float]]:
    """What biases and states start at, in order of size."""
    return sorted(affine.bias or 0.0 for affine in ir.affines), sorted(state.initial for state in ir.states)


def values_in(cell: Cell, ir: CellIR) -> Values:
    """The step of a cell in the one spelling of its architecture."""
    return values_of(cell, _canonical(ir))
