"""Diagrams of cells, laid out in a process of its own.

Laying out takes seconds of pure Python: in a thread it would hold up every answer (the interpreter runs one thread at a
time) and could not be ended. So one limited process does it, one drawing at a time, and the latest ones are kept. That
one takes too long is kept as well, for a while: else each look at its page would keep the others waiting.
"""

from __future__ import annotations

import asyncio
import dataclasses
import math
import sys
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.responses import Response

from archsearch.api.reports import Diagram
from archsearch.errors import Refused
from archsearch.server.problems import Declined
from archsearch.server.processes import Processes

_KEPT = 256
_BYTES = 32 * 2**20
_GIVEN_UP = 300.0
"""Seconds in which it is not tried again what took too long."""


class Svg(Response):
    """An SVG file. Its style sheet is its own; a script in it would neither run nor reach anything."""

    media_type = "image/svg+xml"

    def __init__(self, content: str, status_code: int = 200) -> None:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
        super().__init__(content, status_code, headers={"Content-Security-Policy": policy})


@dataclasses.dataclass(frozen=True)
class _Kept:
    """A drawing, or why there is none; it holds until then."""

    outcome: Diagram | Declined | Refused
    size: int
    until: float = math.inf


class Drawings:
    """Draws cells, given as printed instructions; the same instructions give the same drawing."""

    def __init__(self, processes: Processes, clock: Callable[[], float] = time.monotonic) -> None:
        self._processes = processes
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0

    async def draw(self, ir: str) -> Diagram:
        """The diagram of a cell; `Refused` where it cannot be drawn, `Declined` where that would take too long."""
        kept = self._find(ir)
        if kept is None:
            async with self._lock:  # a request that waited for the same drawing finds it
                kept = self._find(ir) or await self._draw(ir)
        if isinstance(kept.outcome, Exception):
            raise kept.outcome.with_traceback(None)
        return kept.outcome

    def _find(self, ir: str) -> _Kept | None:
        kept = self._kept.get(ir)
        if kept is None or self._clock() >= kept.until:
            return None
        self._kept.move_to_end(ir)
        return kept

    async def _draw(self, ir: str) -> _Kept:
        try:
            diagram = Diagram(**await self._processes.ask("draw", ir=ir))
        except Refused as error:
            kept = _Kept(error, _size(ir, str(error)))
        except Declined as error:
            kept = _Kept(error, _size(ir), self._clock() + _GIVEN_UP)
        else:
            kept = _Kept(diagram, _size(ir, diagram.styled, diagram.bare))
        self._keep(ir, kept)
        return kept

    def _keep(self, ir: str, kept: _Kept) -> None:
        """The latest ones, as many as there is room for; the very latest in any case."""
        before = self._kept.pop(ir, None)
        self._bytes += kept.size - (0 if before is None else before.size)
        self._kept[ir] = kept
        while len(self._kept) > 1 and (len(self._kept) > _KEPT or self._bytes > _BYTES):
            self._bytes -= self._kept.popitem(last=False)[1].size


def _size(*texts: str) -> int:
    return sum(map(sys.getsizeof, texts))
