"""A search space: a base, its holes, and the cells that fill it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from archsearch.errors import InvalidInput, Problem
from archsearch.ir import CellIR, lower
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document
from archsearch.schema.space import InlineSpace
from archsearch.schema.space import Space as SpaceFile
from archsearch.schema.validation import MOST_PROBLEMS, load
from archsearch.schema.wiring import Wiring, WiringBody
from archsearch.space.cell_space import CellSpace
from archsearch.space.chooser import Choice, Chooser
from archsearch.space.holes import check_table, require
from archsearch.space.library import CELLS, SPACES, WIRINGS, cell_of, open_document
from archsearch.space.line import choices_line, wiring_line
from archsearch.space.wiring_space import WiringSpace


@dataclasses.dataclass(frozen=True)
class Filling:
    """One filling of a space: its cell, the answers that made it, and a readable line."""

    cell: Cell
    ir: CellIR
    choices: dict[str, Choice]
    line: str


class Space:
    """A space at work. `name` is its file's; fillings are called by it."""

    def __init__(self, definition: InlineSpace, name: str, folder: Path | None = None) -> None:
        self.definition = definition
        self.name = name
        if (definition.wiring is None) == (definition.cell is None):
            raise InvalidInput(Problem((), "a space has one base", "allowed: either wiring or cell"))
        require(first_problems(check_table(definition.holes)))
        self.body = self._body(folder)
        require(first_problems(self.body.problems()))

    def fill(self, chooser: Chooser) -> Filling:
        """The cell that the chooser's answers make; holes it does not depend on are never asked.

        Raises `InvalidInput` where the answers make no sound cell.
        """
        cell, holes, reads = self.body.fill(chooser)
        try:
            ir = lower(cell)
        except InvalidInput as error:
            chosen = f" (with {choices_line(holes.choices)})" if holes.choices else ""
            where = "cell" if self.definition.cell is not None else "wiring"
            raise InvalidInput(
                [dataclasses.replace(each.under(where), what=f"{each.what}{chosen}") for each in error.problems]
            ) from None
        line = choices_line(holes.choices | holes.implied) if isinstance(self.body, CellSpace) else wiring_line(reads)
        return Filling(cell, ir, holes.choices, line)

    def _body(self, folder: Path | None) -> WiringSpace | CellSpace:
        base = self.definition.cell if self.definition.wiring is None else self.definition.wiring
        if isinstance(base, WiringBody):
            return WiringSpace(base, self.definition.holes, self.name)
        if isinstance(base, BaseModel):
            return CellSpace(_as_written(base), self.definition.holes, self.name)
        key, shipped = ("cell", CELLS) if self.definition.wiring is None else ("wiring", WIRINGS)
        try:
            document = open_document(str(base), (shipped,), folder)
        except InvalidInput as error:
            raise InvalidInput(problem.under(key) for problem in error.problems) from None
        if key == "wiring":
            return WiringSpace(load(Wiring, document), self.definition.holes, self.name)
        cell = cell_of(document)
        return CellSpace(cell.model_dump(exclude={"cell"}), self.definition.holes, self.name)


def first_problems(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems, as many as the loader reports; where there are more, the last one says so."""
    found = list(islice(problems, MOST_PROBLEMS + 1))
    if len(found) > MOST_PROBLEMS:
        found[-1] = dataclasses.replace(found[-1], what="more problems from here on", allowed="")
    return found


def _as_written(part: Any) -> Any:
    """A template as plain data, without the defaults that it left out."""
    if isinstance(part, BaseModel):
        fields = type(part).model_fields
        return {name: _as_written(getattr(part, name)) for name in fields if name in part.model_fields_set}
    if isinstance(part, dict):
        return {key: _as_written(value) for key, value in part.items()}
    return [_as_written(value) for value in part] if isinstance(part, list) else part


def load_space(reference: str | InlineSpace, folder: Path | None = None) -> Space:
    """A space by shipped name, path or text, or one written inside a study."""
    if isinstance(reference, InlineSpace):
        return Space(reference, getattr(reference, "space", "space"), folder)
    return space_of(open_document(reference, (SPACES,), folder), folder)


def space_of(document: Document, folder: Path | None = None) -> Space:
    """The space that a space file describes; raises `InvalidInput` with places."""
    try:
        definition = load(SpaceFile, document)
        return Space(definition, definition.space, folder)
    except InvalidInput as error:
        raise document.located(error) from None
