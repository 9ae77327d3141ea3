"""What is wrong with a text or a request."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Mistake:
    """One thing that is wrong; `line` and `column` count from 1."""

    path: tuple[str | int, ...]
    line: int | None
    column: int | None
    what: str
    allowed: str


@dataclasses.dataclass(frozen=True)
class Report:
    """What is known of a text: its mistakes, or what is proved of it."""

    kind: str
    name: str
    valid: bool
    proved: str
    problems: tuple[Mistake, ...]


@dataclasses.dataclass(frozen=True)
class ProblemDetails:
    """Why a request was not served (RFC 9457). `problems` are there where its input is to blame."""

    type: str
    title: str
    status: int
    detail: str
    request: str | None = None
    problems: tuple[Mistake, ...] = ()
