"""Checking texts, in processes that can be ended: what is wrong with them, or what is proved of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from archsearch.api.operations import Checked, Defined
from archsearch.api.reports import Report, Sample
from archsearch.server.mistakes import Mistake
from archsearch.server.processes import Processes


@dataclasses.dataclass(frozen=True)
class Definitions:
    """The names and definitions of the studies that a text stands for, or what is wrong with it."""

    named: tuple[tuple[str, str], ...]
    problems: tuple[Mistake, ...]


class Checker:
    """Checks texts. `Declined` for one that takes too much time or memory."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    async def check(self, text: str, samples: int = 0, *, styled: bool = True) -> Report:
        """The report on a text of any kind; `styled`: its drawings have a style sheet of their own."""
        return _report(
            await self._processes.ask({"operation": "check", "text": text, "samples": samples, "styled": styled})
        )

    async def check_study(self, study: str, space: str | None, samples: int = 0, *, styled: bool = True) -> Report:
        """The report on a study that may name the space of the other text."""
        return _report(
            await self._processes.ask(
                {"operation": "check_study", "study": study, "space": space, "samples": samples, "styled": styled}
            )
        )

    async def define(self, study: str, space: str | None = None) -> Definitions:
        """What the store keeps of the studies of a text."""
        found: Defined = await self._processes.ask({"operation": "define", "study": study, "space": space})
        return Definitions(tuple((name, text) for name, text in found["definitions"]), _mistakes(found["problems"]))


def _report(found: Checked) -> Report:
    return Report(
        kind=found["kind"],
        name=found["name"],
        valid=found["valid"],
        proved=found["proved"],
        problems=_mistakes(found["problems"]),
        size=found["size"],
        samples=tuple(Sample(**each) for each in found["samples"]),
    )


def _mistakes(found: Iterable[Mapping[str, Any]]) -> tuple[Mistake, ...]:
    return tuple(Mistake(**{**each, "path": tuple(each["path"])}) for each in found)
