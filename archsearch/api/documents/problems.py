"""What is wrong with a text or a request, and what is known of a text."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from archsearch.api.documents.studies import Choice
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
class Sample:
    """A cell drawn from a space: the equations as text; no `svg` where it cannot be drawn, or not in time."""

    line: str
    arch_id: str
    choices: dict[str, Choice]
    equations: dict[str, str]
    svg: str | None


@dataclasses.dataclass(frozen=True)
class Report:
    """What is known of a text: its mistakes, or what is proved of it.

    Where samples were asked for and the text is a valid space or study: `size`, the fillings of the space, null where
    there are more than are counted, and cells drawn from it, of different architectures as far as there are.
    """

    kind: str
    name: str
    valid: bool
    proved: str
    problems: tuple[Mistake, ...]
    size: int | None = None
    samples: tuple[Sample, ...] = ()


@dataclasses.dataclass(frozen=True)
class ProblemDetails:
    """Why a request was not served (RFC 9457). `problems` are there where its input is to blame."""

    type: str
    title: str
    status: int
    detail: str
    request: str | None = None
    problems: tuple[Mistake, ...] = ()
