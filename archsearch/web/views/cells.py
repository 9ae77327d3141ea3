"""The shipped cells: the gallery, and one of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.web.views.items import Item, find_shipped, shipped_item

if TYPE_CHECKING:
    from archsearch.findings.explanation import Explanation
    from archsearch.web.views.equations import Equations


@dataclasses.dataclass(frozen=True)
class Card:
    """A shipped cell in the gallery; `parameters` are those of a layer."""

    name: str
    source: str
    arch_id: str
    stages: int
    parameters: int

    @property
    def item(self) -> str:
        """As it stands in addresses."""
        return shipped_item(self.name)


@dataclasses.dataclass(frozen=True)
class Gallery:
    """The shipped cells that pass the filter or are chosen already; `of` is the number of all."""

    text: str
    cards: tuple[Card, ...]
    chosen: frozenset[str]
    of: int
    input_size: int = INPUT_SIZE
    hidden_size: int = HIDDEN_SIZE


@dataclasses.dataclass(frozen=True)
class Anatomy:
    """What can be said of any cell without its results.

    `same`: the shipped cells of the same architecture but itself. `formula`: its parameters over the sizes.
    """

    item: Item
    found: Explanation
    equations: Equations
    stages: str
    formula: str
    same: tuple[str, ...]


def gallery(text: str, chosen: Iterable[str] = ()) -> Gallery:
    """The shipped cells with these words in their name or comment; those that are chosen stay."""
    words, kept = text.casefold().split(), frozenset(chosen)
    cards = tuple(
        card
        for card in _cards()
        if card.item in kept or all(word in f"{card.name} {card.source}".casefold() for word in words)
    )
    return Gallery(text, cards, kept, len(_cards()))


@functools.cache
def _cards() -> tuple[Card, ...]:
    from archsearch.findings.cells import shipped_cells

    rows = shipped_cells(INPUT_SIZE, HIDDEN_SIZE)
    names = [field.name for field in dataclasses.fields(Card)]
    return tuple(
        Card(**{name: row[name] for name in names} | {"source": " ".join(row["source"].split())}) for row in rows
    )


def shipped_anatomy(name: str, input_size: int, hidden_size: int) -> Anatomy | None:
    """A shipped cell; None where none has this name."""
    item = find_shipped(name)
    return None if item is None else anatomy(item, input_size, hidden_size)


def anatomy(item: Item, input_size: int, hidden_size: int) -> Anatomy:
    """Everything that can be said of a cell in one layer of these sizes."""
    from archsearch.findings.explanation import explain, parameter_formula, stage_words
    from archsearch.web.views.equations import tell

    found = explain(item.cell, input_size, hidden_size)
    nearest = found.nearest
    same = () if nearest is None or nearest.measure != "identity" else (nearest.name, *nearest.also)
    return Anatomy(
        item=item,
        found=found,
        equations=tell(found.viewed),
        stages=stage_words(found.stages),
        formula=parameter_formula(found.ir),
        same=tuple(name for name in same if item.text != shipped_item(name)),
    )
