"""The command `archsearch`: its options, its commands, and what happens to errors.

Commands import what they need inside their functions, so that the quick ones stay quick and free of torch.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any, get_args

import typer
from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from archsearch import __version__, registry
from archsearch.cli.commands import PACKAGE, Command, Section
from archsearch.cli.output import complain, say
from archsearch.errors import ArchsearchError, hide_passwords, printable

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""To look for plugins, of which there are none, pydantic reads the metadata of every installed package."""

BUG = 70
"""Exit status of a mistake in archsearch itself (EX_SOFTWARE)."""
INTERRUPTED = 130


class CommandGroup(TyperGroup):
    """Commands in the order in which they were added, in sections named by their panel."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error in its arguments repeats them without a password."""
        try:
            return super().invoke(ctx)
        except ClickException as error:
            error.message = hide_passwords(error.message.removeprefix("Value error, "))
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the sections, all with the same indent."""
        width = max(map(len, self.commands))
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel = str(getattr(command, "rich_help_panel", None) or "Commands")
            sections.setdefault(panel, []).append((name.ljust(width), command.get_short_help_str(limit=1_000)))
        for panel, rows in sections.items():
            with formatter.section(panel):
                formatter.write_dl(rows)


app = typer.Typer(
    cls=CommandGroup,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_commands: dict[str, Command] = {name: registry.load(PACKAGE, name) for name in registry.names(PACKAGE)}
for _section in get_args(Section):
    for _name, _command in _commands.items():
        if _command.section != _section:
            continue
        if isinstance(_command.run, typer.Typer):
            app.add_typer(_command.run, name=_name, rich_help_panel=_section)
        else:
            app.command(_name, rich_help_panel=_section)(_command.run)


def _print_version(asked: bool) -> None:
    if asked:
        say(f"archsearch {__version__}")
        raise typer.Exit


@app.callback()
def archsearch(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Print the traceback of any error.")] = False,
) -> None:
    """Search for recurrent cells: YAML in, a ranked and tested leaderboard out.

    Start with `archsearch init`, or look at `archsearch cells` and `archsearch show lstm`.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (`sys.argv` by default) and return its exit status; never raises.

    0 done, 1 refused, 2 wrong input, 70 a bug, 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # for terminals without Unicode
    status = _run(given)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    return status


def _run(arguments: list[str]) -> int:
    try:
        typer.main.get_command(app).main(args=arguments, prog_name="archsearch")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return 1
    except Exception as error:  # noqa: BLE001 - the last resort: every error is reported in one message
        if "--debug" in arguments:
            sys.stderr.write(hide_passwords(traceback.format_exc()))
        return _report(error, arguments)
    return 0


def _report(error: Exception, arguments: Sequence[str]) -> int:
    """Print an error without its traceback; the exit status that tells its kind."""
    if isinstance(error, ArchsearchError):
        complain(error)
        return error.exit_status
    if isinstance(error, OSError):
        complain(f"{error.strerror or error}{f': {printable(error.filename, 200)}' if error.filename else ''}")
        return ArchsearchError.exit_status
    reason = f"{type(error).__name__}: {error}".partition("\n")[0]
    complain(f"this is a bug in archsearch: {printable(reason, limit=300)}")
    if "--debug" not in arguments:
        complain(f"see where it happened with: archsearch --debug {' '.join(arguments)}")
    return BUG


def _discard_output() -> None:
    """Write what is left to nowhere: the reader of stdout has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
