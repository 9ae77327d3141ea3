"""Whether a database has been changed, without a look at what is in it."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection

from archsearch.store.address import Address
from archsearch.store.engine import explained


class Versions:
    """SQLite counts what others have changed since a connection was opened: so there is one that stays open."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address
        self._lock = threading.Lock()
        self._connection: PoolProxiedConnection | None = None

    def latest(self) -> int | None:
        """The number of now; None where the database has no such number."""
        if self._address.file is None:
            return None
        with self._lock, explained(self._address):
            try:
                return self._ask()
            except BaseException:
                self._close()
                raise

    def _ask(self) -> int:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        cursor: Any = self._connection.cursor()
        (number,) = cursor.execute("PRAGMA data_version").fetchone()
        cursor.close()
        return int(number)

    def close(self) -> None:
        """Close the connection, if there is one."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
