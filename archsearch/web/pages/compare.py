"""Two to four cells side by side."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse

from archsearch.api.routes.catalogue import Size
from archsearch.api.routes.studies import ReaderHere
from archsearch.api.table import Table
from archsearch.errors import InvalidInput
from archsearch.web.answers import page
from archsearch.web.pages.cells import Items, Name

ROUTES = Table("", "pages")


@ROUTES.get("/compare", include_in_schema=False)
async def show_comparison(
    reader: ReaderHere, item: Items = None, input_size: Size = 8, hidden_size: Size = 64, text: Name = ""
) -> HTMLResponse:
    """Compare the cells that are named; where that cannot be done, say why and ask again.

    `text` comes with the gallery's form, and has no effect.
    """
    from archsearch.web.views.compare import MOST, compare_items
    from archsearch.web.views.items import cell_names

    wanted = [each for each in item or () if each]
    shown: dict[str, Any] = {
        "items": wanted,
        "input_size": input_size,
        "hidden_size": hidden_size,
        "names_known": cell_names(),
        "most": MOST,
    }
    try:
        found = await reader.read(
            lambda store: compare_items(store, wanted, input_size, hidden_size, reader.tasks_from)
        )
    except InvalidInput as error:
        return page("compare.html", 422, comparison=None, problem=error.problems[0], **shown)
    return page("compare.html", comparison=found, problem=None, **shown)
