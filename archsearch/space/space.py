"""A search space: a base, its holes, and the cells that fill it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel

from archsearch.errors import InvalidInput, Problem
from archsearch.ir import CellIR, lower
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document
from archsearch.schema.file import as_written
from archsearch.schema.kinds import check_kind
from archsearch.schema.space import InlineSpace, Space
from archsearch.schema.validation import Collector, Parts, load, mend
from archsearch.schema.wiring import Wiring, WiringBody
from archsearch.space.cell_space import CellSpace
from archsearch.space.chooser import Choice, Chooser
from archsearch.space.holes import check_table
from archsearch.space.library import CELLS, SPACES, WIRINGS, cell_of, home_of, open_document
from archsearch.space.line import choices_line, wiring_line
from archsearch.space.wiring_space import WiringSpace


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One configuration of a space: its cell, and the answers that made it."""

    cell: Cell
    ir: CellIR
    choices: dict[str, Choice]
    describe: Callable[[], str] = dataclasses.field(compare=False, repr=False)

    @functools.cached_property
    def line(self) -> str:
        """A readable line. It reads all textbook wirings, which a check of limits does without."""
        return self.describe()


class SearchSpace:
    """A space at work. `name` is its file's; configurations are called by it."""

    def __init__(self, definition: InlineSpace, name: str, body: WiringSpace | CellSpace) -> None:
        self.definition = definition
        self.name = name
        self.body = body

    def fill(self, chooser: Chooser) -> Configuration:
        """The cell that the chooser's answers make; holes it does not depend on are never asked.

        Raises `InvalidInput` where the answers make no sound cell.
        """
        cell, holes, reads = self.body.fill(chooser)
        try:
            ir = lower(cell)
        except InvalidInput as error:
            chosen = f" (with {choices_line(holes.choices)})" if holes.choices else ""
            where = "cell" if self.definition.cell is not None else "wiring"
            problems = (problem.under(where) for problem in error.problems)
            raise InvalidInput(
                dataclasses.replace(problem, what=f"{problem.what}{chosen}") for problem in problems
            ) from None

        def describe() -> str:
            in_cell = isinstance(self.body, CellSpace)
            return choices_line(holes.choices | holes.implied) if in_cell else wiring_line(reads)

        return Configuration(cell, ir, holes.choices, describe)


def build_space(parts: Parts[InlineSpace], name: str, folder: Path = Path()) -> SearchSpace:
    """The space of this definition; relative paths in it start at `folder`. Raises `InvalidInput` for all mistakes."""
    collector, definition = Collector(parts), parts.value
    body = collector.attempt(lambda: _body(parts, name, folder))
    collector.add(_all_problems(definition, body))
    collector.settle()
    assert body is not None
    return SearchSpace(definition, name, body)


def _all_problems(definition: InlineSpace, body: WiringSpace | CellSpace | None) -> Iterator[Problem]:
    yield from check_table(definition.holes)
    if body is None and definition.wiring is not None:  # the paths of its holes are those of any wiring
        body = WiringSpace(WiringBody(), definition.holes, "")
    yield from body.problems() if body is not None else ()


def _body(parts: Parts[InlineSpace], name: str, folder: Path) -> WiringSpace | CellSpace:
    definition = parts.value
    key, base = ("cell", definition.cell) if definition.wiring is None else ("wiring", definition.wiring)
    if isinstance(base, WiringBody):
        return WiringSpace(base, definition.holes, name)
    if isinstance(base, BaseModel):
        return CellSpace(as_written(base), definition.holes, name, whole=parts.sound("cell"))
    try:
        document = open_document(str(base), (CELLS, WIRINGS) if key == "cell" else (WIRINGS,), folder)
    except InvalidInput as error:
        raise InvalidInput(problem if problem.file else problem.under(key) for problem in error.problems) from None
    if key == "wiring":
        return WiringSpace(load(Wiring, document), definition.holes, name)
    return CellSpace(cell_of(document).model_dump(exclude={"cell"}), definition.holes, name)


def load_space(reference: str | Space, folder: Path | None = None) -> SearchSpace:
    """A space by shipped name, path, text or model."""
    return space_of(open_document(reference, (SPACES,), folder), home_of(reference, SPACES, folder))


def space_of(document: Document, folder: Path = Path()) -> SearchSpace:
    """The space that a space file describes; relative paths in it start at `folder`. `InvalidInput` with places."""
    check_kind(document, ("space",))
    with document.locating():
        parts = mend(Space, document.data)
        return build_space(parts, parts.value.space, folder)
