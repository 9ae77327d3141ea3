"""What belongs to one cell, wherever it comes from: its diagram, and its file."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from archsearch.api.drawings import Svg
from archsearch.api.parameters import DrawingsHere, ReaderHere
from archsearch.errors import Refused
from archsearch.export.cell_file import spell_file
from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.views.items import find_item

ROUTES = Table()

ItemText = Annotated[str, Query(max_length=1000)]


@ROUTES.get("/diagram")
async def show_diagram(
    reader: ReaderHere, drawings: DrawingsHere, item: ItemText, form: Literal["part", "file"] = "part"
) -> Response:
    """Draw a cell: as a part of a page, in whose place a sentence stands where it cannot be drawn, or as a file."""
    ir = await reader.read(lambda store: find_item(store, item).ir)
    if form == "file":
        return Svg((await drawings.draw(ir)).styled)
    return await _part(drawings, ir)


async def _part(drawings: DrawingsHere, ir: str) -> HTMLResponse:
    try:
        svg, reason = (await drawings.draw(ir)).bare, ""
    except Refused as error:
        svg, reason = "", str(error)
    except Declined:
        svg, reason = "", "it would take too long to draw"
    return page("cell/drawn.html", svg=svg, reason=reason)


@ROUTES.get("/cell.yaml")
async def download_cell(reader: ReaderHere, item: ItemText) -> Response:
    """Give a cell as a file that loads as the same cell."""
    cell = await reader.read(lambda store: find_item(store, item))
    headers = {"Content-Disposition": f'attachment; filename="{cell.file}.yaml"'}
    return Response(spell_file(cell.cell, cell.source), media_type="application/yaml", headers=headers)
