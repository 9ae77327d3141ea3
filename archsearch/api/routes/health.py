"""Whether the server is well: the one route without a token, which says nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from archsearch.api.documents import Health
from archsearch.api.reading import Reader, get_reader
from archsearch.api.table import Table

ROUTES = Table(tag="health")


@ROUTES.add("GET", "/healthz", "open", openapi_extra={"security": []})
async def healthz(reader: Annotated[Reader, Depends(get_reader)]) -> Health:
    """Say that the server lives and its database answers; 503 where it does not."""
    await reader.read(lambda store: store.ping())
    return Health(alive=True, database=True)
