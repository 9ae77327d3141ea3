"""Types of arguments of routes: parts of addresses, parameters, and the objects that live as long as the server."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request

from archsearch.api.checker import Checker
from archsearch.api.drawings import Drawings
from archsearch.api.events import Streams
from archsearch.api.reading import Reader
from archsearch.api.writing import Writer
from archsearch.schema.sizes import MOST_UNITS
from archsearch.server.problems import Declined
from archsearch.server.settings import Settings
from archsearch.study.entries import SPEC_ID

MOST_FILTERS = 20
NO_ENTRY = "the study has no entry with this spec"

Limit = Annotated[int, Query(ge=1, le=1000, description="Rows on a page.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Rows before the page.")]
Number = Annotated[int, Path(ge=0, lt=2**31)]
Part = Annotated[str | None, Query(max_length=200)]
Unit = Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)]
Size = Annotated[int, Query(ge=1, le=MOST_UNITS)]
OwnSize = Annotated[
    Annotated[int, Field(ge=1, le=MOST_UNITS)] | None,
    BeforeValidator(lambda given: None if given == "" else given),
    Query(),
]
"""A size, left out where a form leaves it empty."""


def _of_server(name: str) -> Any:
    """The dependency on what the lifespan of the application keeps under this name."""

    async def get(request: Request) -> Any:
        return getattr(request.app.state, name)

    return Depends(get)


async def _read_spec_id(spec_id: str) -> str:
    """`Declined` (404) for a text that cannot be an id: not every database could be asked for it."""
    if SPEC_ID.fullmatch(spec_id) is None:
        raise Declined(404, NO_ENTRY)
    return spec_id


SettingsHere = Annotated[Settings, _of_server("settings")]
ReaderHere = Annotated[Reader, _of_server("reader")]
WriterHere = Annotated[Writer, _of_server("writer")]
CheckerHere = Annotated[Checker, _of_server("checker")]
DrawingsHere = Annotated[Drawings, _of_server("drawings")]
StreamsHere = Annotated[Streams, _of_server("streams")]
SpecId = Annotated[str, Depends(_read_spec_id)]
