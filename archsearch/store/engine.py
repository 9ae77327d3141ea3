"""Connections and transactions: one engine per open store, and database errors as one clear line.

SQLite: every connection waits up to a minute for a lock, checks foreign keys and syncs fully; writes begin with
BEGIN IMMEDIATE, so that a transaction that read first cannot fail to become a writer. PostgreSQL: a transaction-level
advisory lock puts writers in a row in the same way.
"""

from __future__ import annotations

import contextlib
import shlex
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from archsearch.errors import Refused, printable
from archsearch.store import AlreadyCounted, Damaged, NoAnswer, Unavailable
from archsearch.store.address import SQLITE, Address

TIMEOUT = 60
"""Seconds that a connection waits for a lock."""

SYNCHRONOUS = "FULL"
"""Every committed transaction survives a power cut."""

WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)
"""Write-ahead logs may corrupt a database with several writers in SQLite 3.7.0 to 3.51.2."""

WRITE = "archsearch_write"
WRITERS = 0x617263685F777274  # the advisory lock of PostgreSQL that writers queue for
_FILE = "archsearch_file"
_KEPT = 8  # connections that stay open; there may be more at a time
_DISK_FULL = "53100"  # PostgreSQL's code
_CAUSES = {
    "file is not a database": "is not an SQLite database",
    "database is locked": f"was locked by another process for {TIMEOUT} s",
    "database or disk is full": "cannot grow: the disk is full",
    "attempt to write a readonly database": "cannot be written: it is open for reading only",
    "in a read-only transaction": "cannot be written: it is open for reading only",
    "unable to open database file": "cannot be opened (missing or unwritable file or folder)",
}


_DAMAGE = ("malformed", "Could not decode", "no such table", "no such column", "unsupported file format", "encoding")
"""Parts of SQLite's messages about damaged files."""


class _Connection(sqlite3.Connection):
    """Closes its cursors at a rollback: a cursor that an exception refers to would keep SQLite's lock."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cursors: weakref.WeakSet[sqlite3.Cursor] = weakref.WeakSet()

    def cursor(self, *arguments: Any) -> Any:
        cursor = super().cursor(*arguments)
        self._cursors.add(cursor)
        return cursor

    def rollback(self) -> None:
        for cursor in self._cursors:
            cursor.close()
        super().rollback()


def open_engine(address: Address, *, create: bool = False, read_only: bool = False, lasting: bool = False) -> Engine:
    """An engine for `address`; only with `create` will it make an SQLite file that is missing.

    With `lasting`, connections to SQLite stay open for the next transaction: for processes that read often and never
    fork, since SQLite's connections must not be used after a fork.
    """
    if address.file is None:
        return postgresql_engine(address, pool_pre_ping=True, execution_options={"postgresql_readonly": read_only})
    uri = f"{address.file.as_uri()}?mode={'rwc' if create else 'rw'}"

    def connect() -> sqlite3.Connection:
        # mode=ro could not roll back what a killed writer left behind: readers open for writing, then promise not to.
        options: dict[str, Any] = {"timeout": TIMEOUT, "isolation_level": None, "check_same_thread": False}
        connection = sqlite3.connect(uri, uri=True, factory=_Connection, **options)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    if lasting:
        engine = create_engine(address.url, creator=connect, poolclass=QueuePool, pool_size=_KEPT, max_overflow=-1)
        _renew_with(engine, address.file)
    else:
        engine = create_engine(address.url, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _renew_with(engine: Engine, file: Path) -> None:
    """Open new connections when another file has taken the place of this one."""

    def which() -> tuple[int, int] | None:
        with contextlib.suppress(OSError):
            status = file.stat()
            return status.st_dev, status.st_ino
        return None

    def note(_: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info[_FILE] = which()

    def check(_: sqlite3.Connection, record: ConnectionPoolEntry, __: object) -> None:
        if record.info[_FILE] != which():
            raise exc.DisconnectionError

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def forget_pages(engine: Engine) -> None:
    """Let lasting connections to SQLite read everything anew in each transaction.

    What it has read before SQLite keeps as long as a counter in the file is the same, which an older copy that was put
    in place of the file, and was written since, may have reached too.
    """

    def forget(connection: sqlite3.Connection | None, _: ConnectionPoolEntry) -> None:
        if connection is not None:
            connection.execute("PRAGMA shrink_memory")

    event.listen(engine, "checkin", forget)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def postgresql_engine(address: Address, **options: Any) -> Engine:
    """An engine for PostgreSQL with options of SQLAlchemy's."""
    try:
        return create_engine(address.url, connect_args={"connect_timeout": TIMEOUT}, **options)
    except ModuleNotFoundError:
        raise Refused("PostgreSQL needs the package psycopg: install archsearch[postgres]") from None


@contextlib.contextmanager
def writing(engine: Engine, address: Address) -> Iterator[Connection]:
    """One transaction that writes: all of it is kept, or nothing."""
    with explained(address), engine.connect() as plain:
        connection = plain.execution_options(**{WRITE: True})
        with connection.begin():
            if connection.dialect.name != SQLITE:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
            yield connection


@contextlib.contextmanager
def reading(engine: Engine, address: Address) -> Iterator[Connection]:
    """One transaction that reads: all its queries see the same state."""
    with explained(address), engine.connect() as plain:
        options: dict[str, Any] = {}
        if plain.dialect.name != SQLITE:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        connection = plain.execution_options(**options)
        with connection.begin():
            yield connection


@contextlib.contextmanager
def explained(address: Address) -> Iterator[None]:
    """Turn the database's errors into `Refused` with one line; no password and no SQL in it."""
    try:
        yield
    except exc.IntegrityError as error:
        reason = _first_line(address, error.orig)
        refusal = AlreadyCounted if "unique" in reason.lower() else Refused
        raise refusal(f"the database {address} refused a row: {reason}") from error
    except exc.DBAPIError as error:
        raise kind(error)(_explain(address, _first_line(address, error.orig))) from error
    except sqlite3.Error as error:
        raise kind(error)(_explain(address, _first_line(address, error))) from error
    except UnicodeDecodeError as error:  # nothing else is decoded in a transaction
        raise Damaged(describe_damage(address, "a text is not UTF-8")) from error


def kind(error: BaseException | None) -> type[Refused]:
    """The class of an error: `NoAnswer` for a lock of SQLite, for operational errors of PostgreSQL but a full disk."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        if _is_damage(str(cause)):
            return Damaged
        return NoAnswer if "is locked" in str(cause) else Unavailable
    operational = isinstance(error, exc.OperationalError | exc.InterfaceError)
    return NoAnswer if operational and getattr(cause, "sqlstate", None) != _DISK_FULL else Unavailable


def describe_damage(address: Address, place: str) -> str:
    """The message for a damaged database: the place, and what to do."""
    if address.file is None:
        return f"the database {address} is damaged: {place}. Restore a backup"
    remedy = f"Put back a copy, or save what can be read: sqlite3 {shlex.quote(str(address.file))} .recover"
    return f"the database {address} is damaged: {place}. {remedy}"


def _is_damage(reason: str) -> bool:
    return any(fragment in reason for fragment in _DAMAGE)


def _explain(address: Address, reason: str) -> str:
    if address.file is not None and _is_damage(reason):
        return describe_damage(address, reason)
    cause = next((text for fragment, text in _CAUSES.items() if fragment in reason), "")
    return f"the database {address} {cause}" if cause else f"the database {address} failed: {reason}"


def _first_line(address: Address, error: BaseException | None) -> str:
    return printable(address.hide((str(error).strip().splitlines() or ["unknown error"])[0]), limit=300)
