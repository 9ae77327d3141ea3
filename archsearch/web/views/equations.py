"""The equations of a cell, each with what it is for."""

from __future__ import annotations

import dataclasses

from archsearch.explain.latex import latex_of
from archsearch.explain.text import spell_bias, spell_equation
from archsearch.explain.viewed import Viewed
from archsearch.ir.instructions import spell


@dataclasses.dataclass(frozen=True)
class Told:
    """An equation: both sides as LaTeX, the right one as text, its title and the sentence behind the title.

    `start`: where its bias or its state starts, if not at 0.
    """

    name: str
    left: str
    right: str
    text: str
    title: str
    sentence: str
    start: str


@dataclasses.dataclass(frozen=True)
class Equations:
    """All equations of a cell; `definitions` are both sides of what LaTeX has no name for."""

    told: tuple[Told, ...]
    definitions: tuple[tuple[str, str], ...]
    latex: str

    def of(self, name: str) -> Told:
        """The one called `name`."""
        return next(told for told in self.told if told.name == name)


def tell(viewed: Viewed) -> Equations:
    """The equations of a cell."""
    latex = latex_of(viewed.cell)
    count = len(viewed.cell.equations)
    told = (
        _told(viewed, name, left, right)
        for name, (left, right) in zip(viewed.cell.equations, latex.lines[:count], strict=True)
    )
    return Equations(tuple(told), latex.lines[count:], latex.text)


def _told(viewed: Viewed, name: str, left: str, right: str) -> Told:
    said, text = viewed.sentences[name], spell_equation(viewed.cell.equations[name])
    return Told(name, left, right, text, said.title, said.rest, _start(viewed, name))


def _start(viewed: Viewed, name: str) -> str:
    bias, state = spell_bias(viewed.cell.equations[name]), viewed.cell.states.get(name)
    said = []
    if bias:
        said.append(f"bias from {bias}")
    if state:
        said.append(f"state from {'−∞' if state == float('-inf') else spell(state)}")
    return ", ".join(said)
