"""A cell explained: its states, cost, nearest textbook cell, and a sentence for each equation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from archsearch.explain.latex import Latex, latex_of
from archsearch.explain.nearest import Nearest, find_nearest
from archsearch.explain.sentences import Sentence
from archsearch.explain.text import spell_equations
from archsearch.explain.viewed import Viewed, view
from archsearch.findings.cells import Layer
from archsearch.ir import CellIR
from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell
from archsearch.spelling import counted


@dataclasses.dataclass(frozen=True)
class ExplainedEquation:
    """An equation as text, what it is for in a word or two (empty where no role was found), and in a sentence."""

    name: str
    text: str
    title: str
    said: Sentence

    @property
    def sentence(self) -> str:
        """The sentence in one piece."""
        return str(self.said)


@dataclasses.dataclass(frozen=True)
class Explanation(Layer):
    """What can be said of a cell in one layer of these sizes."""

    viewed: Viewed
    equations: tuple[ExplainedEquation, ...]
    latex: Latex
    nearest: Nearest | None

    @property
    def states(self) -> str:
        """`memory c from 0, output h from 0`."""
        return ", ".join(self._state(name, start) for name, start in self.cell.states.items())

    def _state(self, name: str, start: float) -> str:
        begin = spell(start) if start > float("-inf") else "minus infinity"
        return f"{self.viewed.nouns[name]} {name} from {begin}".lstrip()


def explain(cell: Cell, input_size: int, hidden_size: int) -> Explanation:
    """Everything that can be said of `cell`; raises `InvalidInput` where its equations are not sound."""
    viewed = view(cell)
    texts = spell_equations(cell)
    equations = tuple(
        ExplainedEquation(name, texts[name], viewed.titles[name], viewed.sentences[name]) for name in cell.equations
    )
    return Explanation(
        cell=cell,
        ir=viewed.ir,
        arch_id=viewed.arch_id,
        input_size=input_size,
        hidden_size=hidden_size,
        viewed=viewed,
        equations=equations,
        latex=latex_of(cell),
        nearest=find_nearest(cell),
    )


def parameter_formula(ir: CellIR) -> str:
    """The number of parameters of a layer over its sizes: `4·hidden·(input + hidden + 1)`."""
    reads = [name for affine in ir.affines for name in affine.matrices]
    inputs = sum(name in ir.inputs for name in reads)
    vectors = sum(len(affine.vectors) + (affine.bias is not None) for affine in ir.affines)
    numbers = (inputs, len(reads) - inputs, vectors)
    shared = next((number for number in numbers if number), 1)
    if any(number not in (0, shared) for number in numbers):
        shared = 1
    terms = [_times(number // shared, size) for number, size in zip(numbers, ("input", "hidden", ""), strict=True)]
    inside = " + ".join(term for term in terms if term)
    if not inside:
        formula = "0"
    else:
        formula = f"{_times(shared, 'hidden')}·{f'({inside})' if ' ' in inside else inside}".removesuffix("·1")
    return formula + (" + hidden·input where input and hidden differ" if ir.reads_bare_input else "")


def _times(number: int, size: str) -> str:
    if not number:
        return ""
    return "·".join(part for part in ("" if number == 1 and size else str(number), size) if part)


def stage_words(stages: int) -> str:
    """What a number of stages means."""
    meanings: Sequence[str] = ("no state goes through a matrix", "no matrix product of a step waits for another one")
    rest = f"a chain of {stages} matrix products, each of which waits for the one before"
    return f"{counted(stages, 'stage')}: {meanings[stages] if stages < len(meanings) else rest}"
