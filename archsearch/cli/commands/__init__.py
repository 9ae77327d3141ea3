"""The commands of `archsearch`: one file per command, offering `COMMAND`; the file's name is the command's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

import typer

PACKAGE = "archsearch.cli.commands"

Section = Literal["Cells and spaces", "Studies", "Results", "Machine"]
"""The headings of `archsearch --help`, in their order."""


@dataclasses.dataclass(frozen=True)
class Command:
    """A command: the section of the help that lists it, and the function that runs it, or a group of commands."""

    section: Section
    run: Callable[..., None] | typer.Typer
