"""The server itself: whether it is well, which is said without a token, and what its API is."""

from __future__ import annotations

import dataclasses

from starlette.requests import Request
from starlette.responses import JSONResponse

from archsearch.api.parameters import ReaderHere
from archsearch.server.table import Table

ROUTES = Table(tag="health")


@dataclasses.dataclass(frozen=True)
class Health:
    """That the server lives, and whether its database answers."""

    alive: bool
    database: bool


@ROUTES.add("GET", "/healthz", "open", openapi_extra={"security": []})
async def healthz(reader: ReaderHere) -> Health:
    """Say that the server lives and its database answers; 503 where it does not."""
    await reader.read(lambda store: store.ping())
    return Health(alive=True, database=True)


@ROUTES.get("/api/v1/openapi.json", errors=(), include_in_schema=False)
async def get_openapi(request: Request) -> JSONResponse:
    """Describe the API itself."""
    return JSONResponse(request.app.openapi())
