"""`archsearch schema`: the JSON Schema of each kind of file, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from archsearch.cli.commands import Command
from archsearch.cli.output import emit_json

if TYPE_CHECKING:
    from pydantic import BaseModel

Kind = Literal["cell", "wiring", "space", "study"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: Annotated[Kind, typer.Argument(metavar="KIND", help="cell, wiring, space or study.")]) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    emit_json({"$schema": DIALECT, **_portable(schema_of(kind)), "title": f"archsearch {kind}"})


def schema_of(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a kind of file, with the texts of its models."""
    from archsearch.schema.cell import Cell
    from archsearch.schema.series import StudyFile
    from archsearch.schema.space import Space
    from archsearch.schema.wiring import Wiring

    models: dict[Kind, type[BaseModel]] = {"cell": Cell, "wiring": Wiring, "space": Space, "study": StudyFile}
    return models[kind].model_json_schema()


def _portable(part: Any) -> Any:
    """A schema whose patterns have the anchors of JavaScript's expressions, which JSON Schema demands."""
    if isinstance(part, dict):
        return {_anchored(key): _portable(value) for key, value in part.items()}  # keys: those of patternProperties
    if isinstance(part, list):
        return [_portable(value) for value in part]
    return _anchored(part) if isinstance(part, str) else part


def _anchored(text: str) -> str:
    return f"^{text[2:-2]}$" if text.startswith(r"\A") and text.endswith(r"\z") else text


COMMAND = Command("Cells and spaces", schema)
