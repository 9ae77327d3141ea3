"""Locks between processes: one makes the tables, one coordinates a study, one runs the queue.

SQLite: a file lock beside the database, which the kernel releases when its owner dies. PostgreSQL: an advisory lock,
which the server releases when its owner's connection ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, exc, text

from archsearch.errors import Refused, is_shortage, printable, quoted
from archsearch.store import HeldElsewhere, Unavailable
from archsearch.store.address import Address, parse_address
from archsearch.store.engine import TIMEOUT, explained, open_engine

_RUNNER = 0x617263685F72756E  # the number of the runner's advisory lock in PostgreSQL
_LOCK_TIMEOUT = "55P03"  # SQLSTATE of PostgreSQL


def may_pass(error: BaseException) -> bool:
    """Whether an error is a transient failure (a full disk, a busy database)."""
    return isinstance(error, Unavailable) or is_shortage(error)


def utc_now() -> str:
    """The present time in UTC, ISO format, microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def study_lock(url: str, study: str) -> AbstractContextManager[None]:
    """Hold the right to coordinate `study`: one process at a time.

    Raises `Refused`, naming the holder, when another process has it; the database need not exist yet.
    """
    address, held = parse_address(url), f"study {quoted(study)} is being run by "
    if address.file is None:
        return _advisory_lock(address, lock_number(study), held)
    return _file_lock_at_once(address, f".{_digest(study)[:16]}", held, named=True)


def lock_number(study: str) -> int:
    """The number of a study's advisory lock in PostgreSQL."""
    return int(_digest(study)[:15], 16)


def _digest(study: str) -> str:
    return hashlib.sha256(study.encode("utf-8", "backslashreplace")).hexdigest()


def runner_lock(url: str) -> AbstractContextManager[None]:
    """Hold the right to run what is queued in a database: one server at a time. `HeldElsewhere` when another has it."""
    address = parse_address(url)
    held = f"another server runs the queue of {address}"
    if address.file is None:
        return _advisory_lock(address, _RUNNER, f"{held}: ")
    return _file_lock_at_once(address, ".runner", held)


@contextlib.contextmanager
def schema_lock(url: str) -> Iterator[None]:
    """Hold the right to create tables in a database; waits for its turn, `Unavailable` after a minute."""
    address = parse_address(url)
    in_database = address.file is None
    with contextlib.ExitStack() as stack:
        try:
            lock = _schema_advisory_lock(address) if in_database else _acquired(_file_lock(address, ".schema", TIMEOUT))
            stack.enter_context(lock)
        except _Held:
            late = f"the tables of {address} are being created by another process for {TIMEOUT} s already"
            raise Unavailable(late) from None
        yield


@contextlib.contextmanager
def _file_lock_at_once(address: Address, suffix: str, held: str, *, named: bool = False) -> Iterator[None]:
    """Hold a file lock, or raise `HeldElsewhere` with `held` and, where locks are `named`, the holder."""
    holder = address.beside(f"{suffix}.holder")
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_acquired(_file_lock(address, suffix, timeout=0)))
        except _Held:
            raise HeldElsewhere(held + _read_holder(holder) if named else held) from None
        if named:
            _write_holder(holder)
            stack.callback(holder.unlink, missing_ok=True)
        yield


class _Held(Refused):
    """Another process holds a lock, and has not released it in time."""


def _file_lock(address: Address, suffix: str, timeout: float) -> FileLock:
    path = address.beside(f"{suffix}.lock")
    if not path.parent.is_dir():
        raise Refused(f"the folder of the database {address} does not exist")
    # A "soft" lock would outlive a killed owner: better none at all where the file system cannot lock.
    return FileLock(path, timeout=timeout, thread_local=False, fallback_to_soft=False)


@contextlib.contextmanager
def _acquired(lock: FileLock) -> Iterator[None]:
    try:
        lock.acquire()
    except Timeout:
        if not Path(lock.lock_file).exists():  # filelock takes a file that cannot be made for one that is about to go
            raise Refused(f"cannot make the file {printable(lock.lock_file, 500)}") from None
        raise _Held from None
    except OSError as error:
        kind = Unavailable if may_pass(error) else Refused
        raise kind(f"cannot lock {printable(lock.lock_file, 500)}: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


def _write_holder(path: Path) -> None:
    document = {"pid": os.getpid(), "host": socket.gethostname(), "since": utc_now()}
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(document), encoding="utf-8")
    fresh.replace(path)


def _read_holder(path: Path) -> str:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        pid, host, since = (printable(document[key]) for key in ("pid", "host", "since"))
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # it holds the lock and is about to write its name
    return f"process {pid} on {host} since {since}"


@contextlib.contextmanager
def _advisory_lock(address: Address, number: int, held: str) -> Iterator[None]:
    with _session(address) as connection:
        with explained(address):
            taken = try_lock(connection, number)
            holder = "" if taken else find_holder(connection, number)
        if not taken:
            raise HeldElsewhere(f"{held}{holder}")
        try:
            yield
        finally:
            # The end of a session releases its locks, but not before the client goes on. A lost session has none.
            with contextlib.suppress(exc.SQLAlchemyError):
                if not connection.invalidated:
                    connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})


def try_lock(connection: Connection, number: int) -> bool:
    """Take an advisory lock for as long as the connection to PostgreSQL lasts; False while another one has it."""
    return bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}))


def find_holder(connection: Connection, number: int) -> str:
    """Describe the holder of an advisory lock."""
    query = text(
        "SELECT pid, client_addr, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND classid::bigint = :high AND objid::bigint = :low"
    )
    row = connection.execute(query, {"high": number >> 32, "low": number & 0xFFFFFFFF}).first()
    if row is None:
        return "another process"
    return f"server process {row.pid} for {row.client_addr or 'a local client'} since {row.backend_start}"


@contextlib.contextmanager
def _schema_advisory_lock(address: Address) -> Iterator[None]:
    with _session(address) as connection:
        with explained(address):
            connection.exec_driver_sql(f"SET lock_timeout = '{TIMEOUT}s'")
            try:
                connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext('archsearch schema'))")
            except exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", "") == _LOCK_TIMEOUT:
                    raise _Held from None
                raise
        yield


@contextlib.contextmanager
def _session(address: Address) -> Iterator[Connection]:
    engine = open_engine(address)
    with contextlib.ExitStack() as stack:
        stack.callback(engine.dispose)
        with explained(address):
            connection = stack.enter_context(engine.connect())
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
