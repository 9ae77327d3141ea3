"""Checking texts in processes that can be ended: what is wrong with them, or what is proved of them."""

from __future__ import annotations

from pydantic import TypeAdapter

from archsearch.api.reports import Definitions, Validation
from archsearch.server.processes import Processes

_VALIDATION, _DEFINITIONS = TypeAdapter(Validation), TypeAdapter(Definitions)


class Checker:
    """Checks texts by the functions of `checker_child`. `Declined` for a text that takes too much time or memory."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    async def check(self, text: str, samples: int = 0, *, styled: bool = True) -> Validation:
        """Check a text of any kind; `styled`: its drawings have a style sheet of their own."""
        given = {"text": text, "samples": samples, "styled": styled}
        return _VALIDATION.validate_python(await self._processes.ask("check", **given))

    async def check_study(self, study: str, space: str | None, samples: int = 0, *, styled: bool = True) -> Validation:
        """Check a study that may name the space of the other text."""
        given = {"study": study, "space": space, "samples": samples, "styled": styled}
        return _VALIDATION.validate_python(await self._processes.ask("check_study", **given))

    async def define(self, study: str, space: str | None = None) -> Definitions:
        """Make the definitions that the store keeps of the studies of a text."""
        return _DEFINITIONS.validate_python(await self._processes.ask("define", study=study, space=space))
