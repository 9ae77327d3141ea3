"""Open a database: make its tables once, or refuse what is no database of ours."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, inspect, select
from sqlalchemy.schema import CreateTable

from archsearch.errors import Refused
from archsearch.store.address import Address
from archsearch.store.engine import WAL_IS_SAFE, explained, open_engine, reading, writing
from archsearch.store.lock import schema_lock
from archsearch.store.tables import SCHEMA_VERSION, metadata, schema

_HEADER = 100
"""Bytes that every SQLite database begins with; a file of a single byte would pass for an empty database."""
RUN_FIRST = "run `archsearch run` first or name one with --storage"


def open_for_writing(address: Address, *, lasting: bool = False) -> Engine:
    """An engine for a database that may be new; any number of processes may ask at once."""
    if address.file is not None and _is_file(address, address.file):
        _check_kind(address)
    with schema_lock(address.url.render_as_string(hide_password=False)):
        maker = open_engine(address, create=True)
        try:
            _choose_journal(maker, address)
            with writing(maker, address) as connection:
                _create_tables(connection, address)
        finally:
            maker.dispose()
    return open_engine(address, lasting=lasting)


def open_for_reading(address: Address, *, lasting: bool = False) -> Engine:
    """An engine for a database that exists; it never makes one."""
    if address.file is not None and not _is_file(address, address.file):
        raise _missing(address)
    engine = open_engine(address, read_only=True, lasting=lasting)
    try:
        with reading(engine, address) as connection:
            if not inspect(connection).has_table(schema.name):
                raise _missing(address)
            version = _check_version(connection, address)
    except BaseException:
        engine.dispose()
        raise
    return engine if version == SCHEMA_VERSION else _older(engine, address)


def _older(engine: Engine, address: Address) -> Engine:
    """An engine for reading a database that lacks tables which came later: they are empty ones of the connection.

    No connection lasts: those that come after the tables were added see them.
    """
    if address.file is None:
        engine.dispose()
        raise Refused(f"the database {address} was written by an older archsearch; `archsearch run` renews its tables")
    missing = _lacking(engine, address)
    ddl = [str(CreateTable(table).compile(engine)).replace("CREATE TABLE", "CREATE TEMP TABLE", 1) for table in missing]
    engine.dispose()
    tables = tuple(zip((each.name for each in missing), ddl, strict=True))
    return open_engine(address, read_only=True, temporary=tables)


def _lacking(engine: Engine, address: Address) -> list[Table]:
    with reading(engine, address) as connection:
        known = inspect(connection)
        return [table for table in metadata.sorted_tables if not known.has_table(table.name)]


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
    """Refuse what is no SQLite file before a lock is made beside it; an empty file is a database without tables."""
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
    wanted = "wal" if WAL_IS_SAFE else "delete"
    with explained(address), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
            cursor.execute(f"PRAGMA journal_mode = {wanted}")
        cursor.close()


def _create_tables(connection: Connection, address: Address) -> None:
    if inspect(connection).has_table(schema.name):
        if _check_version(connection, address) < SCHEMA_VERSION:
            _add_missing(connection)
        return
    metadata.create_all(connection)
    connection.execute(schema.insert().values(version=SCHEMA_VERSION))


def _add_missing(connection: Connection) -> None:
    """All that came since version 1 are tables and indexes."""
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    connection.execute(schema.update().values(version=SCHEMA_VERSION))


def _check_version(connection: Connection, address: Address) -> int:
    found = connection.scalar(select(schema.c.version))
    if found is None or found > SCHEMA_VERSION:
        raise Refused(
            f"the database {address} has tables of version {found}, this archsearch knows {SCHEMA_VERSION}:"
            " it was written by a newer archsearch"
        )
    return int(found)
