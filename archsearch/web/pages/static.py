"""Style sheets and scripts. They are open: the page that asks for the token has them too."""

from __future__ import annotations

from starlette.responses import Response

from archsearch.server.problems import Declined
from archsearch.server.table import Table
from archsearch.web.assets import by_file

ROUTES = Table("/static")
_YEAR = "public, max-age=31536000, immutable"


@ROUTES.add("GET", "/{file}", "open")
async def get_asset(file: str) -> Response:
    """A file by the hash in its name, which never changes."""
    asset = by_file().get(file)
    if asset is None:
        raise Declined(404)
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _YEAR})
