"""Where a database is: which URLs are allowed, and the files beside an SQLite database."""

from __future__ import annotations

import dataclasses
import os
import shlex
import urllib.parse
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

    url: URL = dataclasses.field(repr=False)
    file: Path | None

    def __str__(self) -> str:
        """The file or the URL, without a password: fit for messages."""
        return printable(self.file or self.shown, limit=500)

    @property
    def hint(self) -> str:
        """The URL for a command line that a user is told, without a password."""
        return shlex.quote(printable(self.shown, limit=500))

    @property
    def shown(self) -> str:
        """The URL without a password, nor anything else that is a secret."""
        query = {key: "..." if _is_secret(key) else value for key, value in self.url.query.items()}
        return self.url.set(query=query).render_as_string(hide_password=True)

    def hide(self, text: str) -> str:
        """A text of the database or its driver, with `***` where it holds a secret of this address."""
        secrets = [value for key, value in self.url.query.items() if _is_secret(key) and isinstance(value, str)]
        for secret in (*secrets, self.url.password or ""):
            for spelling in (secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret)):
                text = text.replace(spelling, "***") if spelling else text
        return text

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
        if "@" in (parsed.host or ""):  # the rest of a password, which messages of the driver would show
            raise _invalid(url)
        return Address(_with_password(parsed), None)
    named = parsed.database not in (None, "", ":memory:")
    if parsed.drivername != SQLITE or not named or parsed.query or parsed.host:
        raise _invalid(url)
    return Address(parsed, _absolute(str(parsed.database)))


def _with_password(url: URL) -> URL:
    """The URL with a password of its query in the place that SQLAlchemy hides; the query's is the one that counts."""
    given = url.query.get("password")
    if given is None:
        return url
    return url.difference_update_query(("password",)).set(password=given if isinstance(given, str) else given[-1])


def _is_secret(key: str) -> bool:
    """Whether an option of libpq's is a secret."""
    return key.endswith(("password", "secret", "_key"))


def _absolute(text: str) -> Path:
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise _invalid(text)
    return Path(os.path.realpath(text))


def _invalid(url: str) -> InvalidInput:
    """A refusal that shows the URL only as far as its scheme where it could hold a password."""
    if not any(mark in url for mark in "@?="):
        return InvalidInput(Problem(("storage",), f"{quoted(url)} is not a valid database URL", ALLOWED))
    what = f"'{printable(url.partition(':')[0])}:...' is not a valid database URL"
    return InvalidInput(Problem(("storage",), what, f"{ALLOWED}, with %40 for an @ in a password"))
