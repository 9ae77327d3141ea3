"""The shipped cells: all of them, and one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import ReaderHere, Size
from archsearch.api.routes.catalogue import NO_SUCH_CELL
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.answers import page

ROUTES = Table("", "pages")

Name = Annotated[str, Query(max_length=200)]
Items = Annotated[list[str] | None, Query(max_length=100)]


@ROUTES.get("/cells", include_in_schema=False)
async def show_cells(reader: ReaderHere, text: Name = "", item: Items = None) -> HTMLResponse:
    """Show the gallery; `item` are cells that have been chosen in it."""
    from archsearch.web.views.cells import gallery

    found = await reader.read(lambda store: gallery(text, item or ()))
    return page("cells.html", here="/cells", gallery=found)


@ROUTES.get("/cell", include_in_schema=False)
async def show_cell(
    reader: ReaderHere, name: Name, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE
) -> HTMLResponse:
    """Show a shipped cell in one layer of these sizes."""
    from archsearch.space.library import cell_names
    from archsearch.web.views.cells import shipped_anatomy

    found = await reader.read(lambda store: shipped_anatomy(name, input_size, hidden_size))
    if found is None:
        raise Declined(404, NO_SUCH_CELL)
    return page("cell.html", here="/cells", anatomy=found, others=[each for each in cell_names() if each != name])
