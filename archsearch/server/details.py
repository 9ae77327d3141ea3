"""What a client is told of a request that was not served."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from archsearch.errors import Problem

TEXTS = ("study", "space")
"""The names by which problems refer to one of the two texts of a request."""


@dataclasses.dataclass(frozen=True)
class ProblemDetails:
    """Why a request was not served (RFC 9457). `problems` are there where its input is to blame."""

    type: str
    title: str
    status: int
    detail: str
    request: str | None = None
    problems: tuple[Problem, ...] = ()


def without_files(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems that name no files of the server: `file` is one of `TEXTS`, or empty."""
    return tuple(problem if problem.file in TEXTS else dataclasses.replace(problem, file="") for problem in problems)
