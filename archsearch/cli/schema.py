"""`archsearch schema`: the JSON Schema of each kind of file, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from archsearch.cli.output import emit_json

if TYPE_CHECKING:
    from pydantic import BaseModel

Kind = Literal["cell", "wiring", "space", "study"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: Annotated[Kind, typer.Argument(metavar="KIND", help="cell, wiring, space or study.")]) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    found = _schema(kind)
    emit_json({"$schema": DIALECT, **_portable(found), "title": f"archsearch {kind}"})


def _schema(kind: Kind) -> dict[str, Any]:
    from archsearch.schema.cell import Cell
    from archsearch.schema.series import StudyFile
    from archsearch.schema.space import Space
    from archsearch.schema.wiring import Wiring

    models: dict[Kind, type[BaseModel]] = {"cell": Cell, "wiring": Wiring, "space": Space, "study": StudyFile}
    return models[kind].model_json_schema()


def _portable(part: Any) -> Any:
    """A schema whose patterns have the anchors of JavaScript's expressions, which JSON Schema demands."""
    if isinstance(part, dict):
        return {
            key: _anchored(value) if key == "pattern" and isinstance(value, str) else _portable(value)
            for key, value in part.items()
        }
    return [_portable(value) for value in part] if isinstance(part, list) else part


def _anchored(pattern: str) -> str:
    return pattern.replace(r"\A", "^").replace(r"\z", "$")
