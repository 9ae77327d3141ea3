"""Open a database: make its tables once, or refuse a database that archsearch has not made."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select

from archsearch.errors import Refused
from archsearch.store import Damaged
from archsearch.store.address import Address, parse_address
from archsearch.store.engine import WAL_IS_SAFE, describe_damage, explained, open_engine, reading, writing
from archsearch.store.lock import schema_lock
from archsearch.store.tables import SCHEMA_VERSION, metadata, schema

_HEADER = 100
"""Bytes that every SQLite database begins with; a file of a single byte would pass for an empty database."""
RUN_FIRST = "run `archsearch run` first or name one with --storage"


def open_for_writing(address: Address, *, lasting: bool = False) -> Engine:
    """An engine for a database that may be new; any number of processes may ask at once."""
    make_ready(address)
    return open_engine(address, lasting=lasting)


def make_ready(address: Address, *, upgrade: bool = False) -> None:
    """Make the tables where there are none; with `upgrade`, migrate older ones, which are refused otherwise."""
    if address.file is not None and _is_file(address, address.file):
        _check_kind(address)
    with schema_lock(address.url.render_as_string(hide_password=False)):
        engine = open_engine(address, create=True)
        try:
            _choose_journal(engine, address)
            with writing(engine, address) as connection:
                _create_tables(connection, address, upgrade=upgrade)
        finally:
            engine.dispose()


def upgrade_tables(url: str) -> tuple[str, int | None, int]:
    """Migrate the tables of a database that exists; the database, their version before, and that of now."""
    address = parse_address(url)
    engine = open_engine(address, read_only=True)
    try:
        before = read_version(address, engine)
    finally:
        engine.dispose()
    make_ready(address, upgrade=True)
    return str(address), before, SCHEMA_VERSION


def open_for_reading(address: Address, *, lasting: bool = False) -> Engine:
    """An engine for a database that exists, in the present version; it never makes one."""
    engine = open_engine(address, read_only=True, lasting=lasting)
    try:
        _check_version(read_version(address, engine), address)
    except BaseException:
        engine.dispose()
        raise
    return engine


def read_version(address: Address, engine: Engine) -> int | None:
    """The version of a database's tables; `Refused` where archsearch has made none."""
    if address.file is not None and not _is_file(address, address.file):
        raise _missing(address)
    with reading(engine, address) as connection:
        if not _has_tables(connection, address):
            raise _missing(address)
        return connection.scalar(select(schema.c.version))


def _is_file(address: Address, file: Path) -> bool:
    """Whether the file is there; it is not opened: closing it would give up the locks that SQLite holds on it."""
    try:
        if not file.exists():
            return False
        if not file.is_file():
            raise Refused(f"the database {address} is not a file")
        if 0 < file.stat().st_size < _HEADER:
            raise Refused(f"the database {address} is not an SQLite database")
    except OSError as error:
        raise Refused(f"the database {address} cannot be opened: {error.strerror}") from error
    return True


def _check_kind(address: Address) -> None:
    """Refuse a file that is not SQLite's before a lock is made beside it; an empty file has no tables yet."""
    engine = open_engine(address, read_only=True)
    try:
        with reading(engine, address) as connection:
            connection.exec_driver_sql("PRAGMA schema_version")
    finally:
        engine.dispose()


def _missing(address: Address) -> Refused:
    return Refused(f"no database at {address}: {RUN_FIRST}")


def _choose_journal(engine: Engine, address: Address) -> None:
    """Set the journal, which SQLite keeps in the file; only outside of a transaction."""
    if address.file is None:
        return
    journal = "wal" if WAL_IS_SAFE else "delete"
    with explained(address), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != journal:
            cursor.execute(f"PRAGMA journal_mode = {journal}")
        cursor.close()


def _create_tables(connection: Connection, address: Address, *, upgrade: bool) -> None:
    if not _has_tables(connection, address):
        metadata.create_all(connection)
        connection.execute(schema.insert().values(version=SCHEMA_VERSION))
        return
    version = connection.scalar(select(schema.c.version))
    if upgrade and version is not None and 1 <= version < SCHEMA_VERSION:
        from archsearch.store.migrations import migrate

        migrate(connection, version)
    else:
        _check_version(version, address)


def _has_tables(connection: Connection, address: Address) -> bool:
    """Whether the database has our tables; `Damaged` where only the one with their version is missing."""
    names = inspect(connection).get_table_names()
    if schema.name not in names and any(name.startswith("archsearch_") for name in names):
        raise Damaged(describe_damage(address, f"table {schema.name} is missing"))
    return schema.name in names


def _check_version(version: int | None, address: Address) -> None:
    if version == SCHEMA_VERSION:
        return
    what = f"the database {address} has tables of version {version}, this archsearch knows {SCHEMA_VERSION}"
    if not isinstance(version, int) or version < 1:
        raise Damaged(describe_damage(address, f"table {schema.name} names no version"))
    if version > SCHEMA_VERSION:
        raise Refused(f"{what}: it was written by a newer archsearch")
    keep = "keep a copy of the file, then run" if address.file is not None else "back it up, then run"
    raise Refused(f"{what}: {keep} `archsearch storage upgrade --storage {address.hint}`")
