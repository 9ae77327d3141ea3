"""The shipped cells: all of them, and one."""

from __future__ import annotations

import dataclasses
import functools
from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from archsearch.api.parameters import ReaderHere, Size
from archsearch.api.routes.catalogue import check_shipped
from archsearch.findings.cells import ShippedCell, explain, shipped_cells
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE, Sizes
from archsearch.server.table import Table
from archsearch.space.library import cell_names
from archsearch.store.store import Store
from archsearch.web.answers import page
from archsearch.web.views.items import find_item, shipped_item

ROUTES = Table()

Name = Annotated[str, Query(max_length=200)]
Items = Annotated[list[str] | None, Query(max_length=100)]


@ROUTES.get("/cells")
async def show_cells(reader: ReaderHere, text: Name = "", item: Items = None) -> HTMLResponse:
    """Show the cells with these words in their name or comment; `item` are cells that are chosen already and stay."""
    words, chosen = text.casefold().split(), frozenset(item or ())
    cells = await reader.read(lambda store: _gallery())
    cards = [
        (shipped, cell)
        for shipped, cell in cells.items()
        if shipped in chosen or all(word in f"{cell.name} {cell.source}".casefold() for word in words)
    ]
    return page("cells.html", here="/cells", text=text, cards=cards, chosen=chosen, of=len(cells), sizes=Sizes())


@functools.cache
def _gallery() -> dict[str, ShippedCell]:
    """The shipped cells by item, each with its comment in one line."""
    shipped = shipped_cells(INPUT_SIZE, HIDDEN_SIZE).cells
    return {
        shipped_item(cell.name): dataclasses.replace(cell, source=" ".join(cell.source.split())) for cell in shipped
    }


@ROUTES.get("/cell")
async def show_cell(
    reader: ReaderHere, name: Name, input_size: Size = INPUT_SIZE, hidden_size: Size = HIDDEN_SIZE
) -> HTMLResponse:
    """Show a shipped cell in one layer of these sizes."""
    check_shipped(name)

    def draw(store: Store) -> HTMLResponse:
        item = find_item(store, shipped_item(name))
        cell = explain(item.cell, input_size, hidden_size, item.source)
        others = [other for other in cell_names() if other != name]
        return page("cell.html", here="/cells", item=item, cell=cell, others=others)

    return await reader.read(draw)
