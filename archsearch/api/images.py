"""Diagrams as answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from archsearch.api.drawings import Drawings


class Svg(Response):
    """An SVG file. Its style sheet is its own; a script in it would neither run nor reach anything."""

    media_type = "image/svg+xml"

    def __init__(self, content: str, status_code: int = 200) -> None:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
        super().__init__(content, status_code, headers={"Content-Security-Policy": policy})


async def get_drawings(request: Request) -> Drawings:
    """The server's drawings."""
    found: Drawings = request.app.state.drawings
    return found


DrawingsHere = Annotated[Drawings, Depends(get_drawings)]
