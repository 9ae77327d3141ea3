"""Diagrams of cells, laid out in a process of its own.

Laying out takes seconds of pure Python: in a thread it would hold up every answer (the interpreter runs one thread at a
time) and could not be ended. So one limited process does it, one drawing at a time, and the latest ones are kept.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import OrderedDict

from archsearch.api.operations import Drawn
from archsearch.api.processes import Processes
from archsearch.errors import Refused

_KEPT = 256


@dataclasses.dataclass(frozen=True)
class Diagram:
    """A drawing as SVG: a file of its own with its style sheet, and `bare` for a page that has it already."""

    styled: str
    bare: str


class Drawings:
    """Draws cells, given as printed instructions; the same instructions give the same drawing."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._lock = asyncio.Lock()
        self._kept: OrderedDict[str, Drawn] = OrderedDict()

    async def draw(self, ir: str) -> Diagram:
        """The diagram of a cell; `Refused` where it cannot be drawn, `Declined` where that would take too long."""
        found = self._find(ir)
        if found is None:
            async with self._lock:  # who waited for the same drawing finds it
                found = self._find(ir) or await self._processes.ask({"operation": "draw", "ir": ir})
                self._kept[ir] = found
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        if found["refused"]:
            raise Refused(found["refused"])
        return Diagram(found["styled"], found["bare"])

    def _find(self, ir: str) -> Drawn | None:
        if ir in self._kept:
            self._kept.move_to_end(ir)
        return self._kept.get(ir)
