"""The OpenAPI document."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from archsearch.server.table import Table

ROUTES = Table("/api/v1", "schema")


@ROUTES.get("/openapi.json", errors=(), include_in_schema=False)
async def get_openapi(request: Request) -> JSONResponse:
    """Describe the API itself."""
    return JSONResponse(request.app.openapi())
