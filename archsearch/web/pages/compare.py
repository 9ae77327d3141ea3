"""Two to four cells side by side."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse

from archsearch.api.parameters import OwnSize, ReaderHere
from archsearch.errors import InvalidInput
from archsearch.server.table import Table
from archsearch.web.answers import page
from archsearch.web.pages.cells import Items, Name

ROUTES = Table("", "pages")


@ROUTES.get("/compare", include_in_schema=False)
async def show_comparison(
    reader: ReaderHere, item: Items = None, input_size: OwnSize = None, hidden_size: OwnSize = None, text: Name = ""
) -> HTMLResponse:
    """Compare the cells that are named; where that cannot be done, say why and ask again.

    `text` comes with the gallery's form, and has no effect.
    """
    from archsearch.store.store import Store

    items = [text for text in item or () if text]

    def draw(store: Store) -> HTMLResponse:
        from archsearch.space.library import cell_names
        from archsearch.web.views.compare import MOST, compare_items

        shown: dict[str, Any] = {
            "items": items,
            "input_size": input_size,
            "hidden_size": hidden_size,
            "names_known": cell_names(),
            "most": MOST,
        }
        try:
            compared = compare_items(store, items, input_size, hidden_size, reader.tasks_from)
        except InvalidInput as error:
            return page("compare.html", 422, compared=None, problem=error.problems[0], **shown)
        return page("compare.html", compared=compared, problem=None, **shown)

    return await reader.explain(draw)
