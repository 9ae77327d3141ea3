"""`archsearch storage upgrade`: a database that an older archsearch wrote, made ready for this one."""

from __future__ import annotations

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import Storage
from archsearch.cli.output import say
from archsearch.study import DEFAULT_STORAGE

storage = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look after the database of studies.")


@storage.callback()
def keep_group() -> None:
    """Keep `upgrade` a command of its own: Typer would fold a group of one into it."""


@storage.command()
def upgrade(storage: Storage = DEFAULT_STORAGE) -> None:
    """Migrate the tables of a database that an older archsearch wrote.

    It is one transaction: all of it is done, or nothing. Keep a copy of the database first. `archsearch run` migrates
    too; commands that only read an older database refuse it.
    """
    from archsearch.store.creation import upgrade_tables

    place, before, after = upgrade_tables(storage)
    done = (
        f"has been upgraded from version {before} to {after}" if before != after else f"is of version {after} already"
    )
    say(f"{place} {done}")


COMMAND = Command("Machine", storage)
