"""The list of commands in `archsearch --help`, under a heading for each purpose."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class CommandGroup(TyperGroup):
    """Commands in the order in which they were added, in sections named by their panel."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in order of addition."""
        return list(self.commands)

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
