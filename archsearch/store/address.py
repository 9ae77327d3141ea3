"""Where a database is: which URLs are allowed, and the files beside an SQLite database."""

from __future__ import annotations

import dataclasses
import os
import shlex
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from archsearch.errors import InvalidInput, Problem, printable, quoted

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
ALLOWED = "allowed: sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"


@dataclasses.dataclass(frozen=True)
class Address:
    """A database's URL; `file` is the absolute path of an SQLite database, None for PostgreSQL.

    Links in the path are followed: a database has one set of locks beside it, whichever name it is called by.
    """

    url: URL
    file: Path | None

    def __str__(self) -> str:
        """The file or the URL, without a password: fit for messages."""
        return printable(self.file or self.url.render_as_string(hide_password=True), limit=500)

    @property
    def hint(self) -> str:
        """The URL for a command line that a user is told, without a password."""
        return shlex.quote(printable(self.url.render_as_string(hide_password=True), limit=500))

    def beside(self, suffix: str) -> Path:
        """The path of a file that stands next to the SQLite database and is named after it."""
        if self.file is None:
            raise ValueError("a PostgreSQL database has no files beside it")
        return self.file.with_name(self.file.name + suffix)


def parse_address(url: str) -> Address:
    """The address that `url` names; `InvalidInput` unless it is one of the two allowed kinds."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _invalid(url) from None
    if parsed.drivername == f"{POSTGRESQL}+psycopg":
        return Address(parsed, None)
    named = parsed.database not in (None, "", ":memory:")
    if parsed.drivername != SQLITE or not named or parsed.query or parsed.host:
        raise _invalid(url)
    return Address(parsed, _absolute(str(parsed.database)))


def _absolute(text: str) -> Path:
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise _invalid(text)
    return Path(os.path.realpath(text))


def _invalid(url: str) -> InvalidInput:
    """A refusal that shows the URL only as far as its scheme where it could hold a password."""
    shown = f"{url.partition('://')[0]}://..." if "@" in url else url
    return InvalidInput(Problem(("storage",), f"{quoted(shown)} is no database URL", ALLOWED))
