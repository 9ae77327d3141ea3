"""How a database is opened and closed, and transactions on it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, select

from archsearch.errors import Refused
from archsearch.store.address import Address, parse_address
from archsearch.store.creation import open_for_reading, open_for_writing
from archsearch.store.damage import examine
from archsearch.store.engine import reading, writing
from archsearch.store.lock import utc_now
from archsearch.store.versions import Versions

Clock = Callable[[], str]
_Result = TypeVar("_Result")
_P = ParamSpec("_P")


class Access:
    """An open database. A context manager; may be used from several threads."""

    def __init__(self, engine: Engine, address: Address, *, read_only: bool, clock: Clock = utc_now) -> None:
        """Use `create` or `read`."""
        self._engine = engine
        self._address = address
        self._read_only = read_only
        self._clock = clock
        self._versions = Versions(engine, address)

    @classmethod
    def create(cls, url: str, clock: Clock = utc_now, *, lasting: bool = False) -> Self:
        """Open for writing; file and tables are made when missing, by one of however many processes ask at once.

        With `lasting`, connections stay open between transactions, which makes small ones two or three times as fast:
        for a process that never forks.
        """
        address = parse_address(url)
        return cls(open_for_writing(address, lasting=lasting), address, read_only=False, clock=clock)

    @classmethod
    def read(cls, url: str, *, lasting: bool = False) -> Self:
        """Open an existing database for reading; `Refused` when there is none, and it never makes one."""
        address = parse_address(url)
        return cls(open_for_reading(address, lasting=lasting), address, read_only=True)

    @property
    def url(self) -> str:
        """The database's URL without its password."""
        return self._address.shown

    def close(self) -> None:
        """Close what is open."""
        self._versions.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def examine(self) -> None:
        """Raise `Damaged`, with the place, unless all that is stored can be read."""
        examine(self._address)

    def _write(self, change: Callable[[Connection], _Result]) -> _Result:
        if self._read_only:
            raise Refused(f"the database {self._address} is open for reading only")
        with writing(self._engine, self._address) as connection:
            return change(connection)

    def _read(self, query: Callable[[Connection], _Result]) -> _Result:
        with reading(self._engine, self._address) as connection:
            return query(connection)

    def version(self) -> int | None:
        """A number that is another one when somebody has changed the database since; None where there is none.

        It costs next to nothing, however large the database is. PostgreSQL has none.
        """
        return self._versions.latest()

    def ping(self) -> None:
        """Raise `Unavailable` unless the database answers."""
        self._read(lambda c: c.execute(select(1)))


def query(function: Callable[Concatenate[Connection, _P], _Result]) -> Callable[Concatenate[Access, _P], _Result]:
    """Make a method of `function`: it calls it in a transaction that reads."""

    @functools.wraps(function)
    def method(access: Access, /, *given: _P.args, **named: _P.kwargs) -> _Result:
        return access._read(lambda c: function(c, *given, **named))

    return method


def change(function: Callable[Concatenate[Connection, str, _P], _Result]) -> Callable[Concatenate[Access, _P], _Result]:
    """Make a method of `function`: it calls it in a transaction that writes, with the present time."""

    @functools.wraps(function)
    def method(access: Access, /, *given: _P.args, **named: _P.kwargs) -> _Result:
        return access._write(lambda c: function(c, access._clock(), *given, **named))

    return method
