"""A few threads for work that would hold up the event loop."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Threads:
    """A pool of `count` threads; abandoned work keeps its thread until it finishes.

    anyio's limiters would give its place to other work at once: abandoned work could take any number of threads.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, "archsearch")

    async def run(self, work: Callable[..., _Result], *given: Any) -> _Result:
        """Run `work` in a thread. If the caller is cancelled before it has begun, it never begins."""
        return await asyncio.wrap_future(self._pool.submit(contextvars.copy_context().run, work, *given))
