"""Changing the store: one change after another, in a thread, and the runner is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import anyio
from anyio import to_thread
from fastapi import Depends
from starlette.requests import Request

if TYPE_CHECKING:
    from archsearch.store import Store

_Found = TypeVar("_Found")


class Writer:
    """The store behind a server, open for writing. What has begun is finished, also when its client is gone."""

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake
        self._one = anyio.CapacityLimiter(1)

    async def write(self, change: Callable[[Store], _Found]) -> _Found:
        """What `change` returns; the runner then looks at the queue."""
        found = await to_thread.run_sync(change, self._store, limiter=self._one)
        self._wake()
        return found


async def get_writer(request: Request) -> Writer:
    """The server's writer."""
    found: Writer = request.app.state.writer
    return found


WriterHere = Annotated[Writer, Depends(get_writer)]
