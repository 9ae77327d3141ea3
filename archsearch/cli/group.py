"""The group of commands: `archsearch --help` lists them by section, and errors show no password."""

from __future__ import annotations

from typing import Any

from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from archsearch.errors import hide_passwords


class CommandGroup(TyperGroup):
    """Commands in the order in which they were added, in sections named by their panel."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error in its arguments repeats them without a password."""
        try:
            return super().invoke(ctx)
        except ClickException as error:
            error.message = hide_passwords(error.message)
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the sections, all with the same indent."""
        width = max(map(len, self.commands))
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel = str(getattr(command, "rich_help_panel", None) or "Commands")
            short = command.get_short_help_str(formatter.width - width - 6)
            sections.setdefault(panel, []).append((name.ljust(width), short))
        for panel, rows in sections.items():
            with formatter.section(panel):
                formatter.write_dl(rows)
