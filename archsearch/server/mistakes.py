"""Mistakes of a request, as documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from archsearch.errors import Problem

Text = Literal["", "study", "space"]
TEXTS: Mapping[str, Text] = MappingProxyType({"study": "study", "space": "space"})
"""The names by which problems refer to one of two texts."""


@dataclasses.dataclass(frozen=True)
class Mistake:
    """One thing that is wrong; `line` and `column` count from 1.

    `text` is the one that it is in, where several were given. There are no lines where an object was given for a text.
    """

    path: tuple[str | int, ...]
    line: int | None
    column: int | None
    what: str
    allowed: str
    text: Text = ""

    def problem(self) -> Problem:
        """The same as an error holds it."""
        line, column = self.line or 0, self.column or 0
        return Problem(tuple(self.path), self.what, self.allowed, file=self.text, line=line, column=column)


def mistakes_of(problems: Iterable[Problem]) -> tuple[Mistake, ...]:
    """Problems as documents."""
    return tuple(
        Mistake(
            problem.path,
            problem.line or None,
            problem.column or None,
            problem.what,
            problem.allowed,
            TEXTS.get(problem.file, ""),
        )
        for problem in problems
    )


@dataclasses.dataclass(frozen=True)
class ProblemDetails:
    """Why a request was not served (RFC 9457). `problems` are there where its input is to blame."""

    type: str
    title: str
    status: int
    detail: str
    request: str | None = None
    problems: tuple[Mistake, ...] = ()
