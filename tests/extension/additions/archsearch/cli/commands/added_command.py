"""`archsearch added_command`: added by a test."""

from __future__ import annotations

from archsearch.cli.commands import Command
from archsearch.cli.output import say


def added_command() -> None:
    """Say that a test added this command."""
    say("added by a test")


COMMAND = Command("Machine", added_command)
