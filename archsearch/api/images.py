"""Diagrams as answers."""

from __future__ import annotations

from starlette.responses import Response


class Svg(Response):
    """An SVG file. Its style sheet is its own; a script in it would neither run nor reach anything."""

    media_type = "image/svg+xml"

    def __init__(self, content: str, status_code: int = 200) -> None:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
        super().__init__(content, status_code, headers={"Content-Security-Policy": policy})
