"""Added by a test: a page."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from archsearch.server.table import Table
from archsearch.web.answers import page

ROUTES = Table()


@ROUTES.get("/added")
async def show_added() -> HTMLResponse:
    """Show what the test added."""
    return page("added.html", words="added by a test")
