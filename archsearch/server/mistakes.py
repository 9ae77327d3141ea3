"""What is wrong with a request, as a document."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from archsearch.errors import Problem, problem_values

TEXTS = ("study", "space")
"""What problems call the texts that were given, where there are two."""


def mistake_values(problem: Problem) -> dict[str, Any]:
    """A problem as the plain values of a `Mistake`."""
    return problem_values(problem) | {"text": problem.file if problem.file in TEXTS else ""}


@dataclasses.dataclass(frozen=True)
class Mistake:
    """One thing that is wrong; `line` and `column` count from 1.

    `text` says in which one it is where several were given. Where an object was given for a text, there are no lines.
    """

    path: tuple[str | int, ...]
    line: int | None
    column: int | None
    what: str
    allowed: str
    text: Literal["", "study", "space"] = ""

    def problem(self) -> Problem:
        """The same as an error holds it."""
        line, column = self.line or 0, self.column or 0
        return Problem(tuple(self.path), self.what, self.allowed, file=self.text, line=line, column=column)


def mistake_of(problem: Problem) -> Mistake:
    """A problem as a document."""
    return Mistake(**mistake_values(problem) | {"path": problem.path})


@dataclasses.dataclass(frozen=True)
class ProblemDetails:
    """Why a request was not served (RFC 9457). `problems` are there where its input is to blame."""

    type: str
    title: str
    status: int
    detail: str
    request: str | None = None
    problems: tuple[Mistake, ...] = ()
