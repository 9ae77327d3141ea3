"""The gallery of the shipped cells."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable

from archsearch.findings.cells import ShippedCell, shipped_cells
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.web.views.items import shipped_item


@dataclasses.dataclass(frozen=True)
class Gallery:
    """The shipped cells that pass the filter or are chosen already, each with its item; `of` is the number of all."""

    text: str
    cards: tuple[tuple[str, ShippedCell], ...]
    chosen: frozenset[str]
    of: int
    input_size: int = INPUT_SIZE
    hidden_size: int = HIDDEN_SIZE


def gallery(text: str, chosen: Iterable[str] = ()) -> Gallery:
    """The shipped cells with these words in their name or comment; those that are chosen stay."""
    words, kept, cells = text.casefold().split(), frozenset(chosen), _cells()
    cards = tuple(
        (item, cell)
        for item, cell in ((shipped_item(cell.name), cell) for cell in cells)
        if item in kept or all(word in f"{cell.name} {cell.source}".casefold() for word in words)
    )
    return Gallery(text, cards, kept, len(cells))


@functools.cache
def _cells() -> tuple[ShippedCell, ...]:
    shipped = shipped_cells(INPUT_SIZE, HIDDEN_SIZE).cells
    return tuple(dataclasses.replace(cell, source=" ".join(cell.source.split())) for cell in shipped)
