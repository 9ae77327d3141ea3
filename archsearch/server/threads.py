"""A few threads for what would hold up the server."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Found = TypeVar("_Found")


class Threads:
    """So many threads and never more: what nobody waits for any more keeps its own until it ends.

    With anyio's limiters it would go on as well, and its place be given to the next one: threads without end.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, "archsearch")

    async def run(self, work: Callable[..., _Found], *given: Any) -> _Found:
        """What `work` returns. Who stops waiting before it has begun takes it back."""
        return await asyncio.wrap_future(self._pool.submit(contextvars.copy_context().run, work, *given))
