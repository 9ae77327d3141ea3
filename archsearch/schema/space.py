"""What a space file may say: a base, cell or wiring, and a table of holes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from archsearch.schema.cell import CellBody
from archsearch.schema.file import File
from archsearch.schema.holes import Hole, HolePath, with_holes
from archsearch.schema.strict import ExactlyOne, Label
from archsearch.schema.wiring import WiringBody

if TYPE_CHECKING:
    CellTemplate = CellBody
else:
    CellTemplate = with_holes(CellBody)


def reference_or_body(value: Any) -> str:
    """Which member of a union of a name and what is written out `value` is meant to be."""
    return "name" if isinstance(value, str) else "body"


class InlineSpace(ExactlyOne):
    """A space inside a study: one base and its holes."""

    noun: ClassVar[str] = "space"
    alternatives: ClassVar[tuple[str, str]] = ("wiring", "cell")

    space: Label = "space"
    """Its name."""
    wiring: (
        Annotated[Annotated[str, Tag("name")] | Annotated[WiringBody, Tag("body")], Discriminator(reference_or_body)]
        | None
    ) = None
    """A shipped wiring's name, a path, or a wiring. Holes are paths of its fields."""
    cell: (
        Annotated[Annotated[str, Tag("name")] | Annotated[CellTemplate, Tag("body")], Discriminator(reference_or_body)]
        | None
    ) = None
    """A shipped cell's name, a path, or a cell in which `$name` marks a hole."""
    holes: Annotated[dict[HolePath, Hole], Field(max_length=200)] = {}
    contains: list[str] = []
    """Shipped cells that must be among the configurations; `validate` proves it."""


class Space(File, InlineSpace):
    """A space file."""

    space: Label
