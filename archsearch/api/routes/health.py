"""Whether the server is well: the one route without a token, which says nothing else."""

from __future__ import annotations

import dataclasses

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
