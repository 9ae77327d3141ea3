"""What the server asks of its child processes, and what they answer: JSON lines of these shapes."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Check(TypedDict):
    """Check a text of any kind."""

    operation: Literal["check"]
    text: str
    samples: int
    styled: bool


class CheckStudy(TypedDict):
    """Check a study, and the space of the user's own that it names."""

    operation: Literal["check_study"]
    study: str
    space: str | None
    samples: int
    styled: bool


class Define(TypedDict):
    """Make what the store keeps of a study, or of each study of a series."""

    operation: Literal["define"]
    study: str
    space: str | None


class Draw(TypedDict):
    """Draw a cell, given as instructions."""

    operation: Literal["draw"]
    ir: str


Operation = Check | CheckStudy | Define | Draw


class Checked(TypedDict):
    """The fields of a `documents.Report`."""

    kind: str
    name: str
    valid: bool
    proved: str
    problems: list[dict[str, Any]]
    size: int | None
    samples: list[dict[str, Any]]


class Defined(TypedDict):
    """Names and definitions, or what is wrong."""

    definitions: list[tuple[str, str]]
    problems: list[dict[str, Any]]


class Drawn(TypedDict):
    """The drawing with its own style sheet and without, or why there is none."""

    styled: str
    bare: str
    refused: str
