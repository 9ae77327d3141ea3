"""A look at a database past the store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool


@contextlib.contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction of a plain connection, which is closed at its end."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def query(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; `:name` in it stands for a value."""
    with transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def execute(url: str, statement: str, **values: Any) -> None:
    """Run a statement that gives no rows."""
    with transaction(url) as connection:
        connection.execute(text(statement), values)


def table_names(url: str) -> list[str]:
    """All tables, those of others included."""
    with transaction(url) as connection:
        return inspect(connection).get_table_names()
