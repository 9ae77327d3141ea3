"""Damage to a database: what SQLite's own check finds, and rows that do not hold what archsearch has written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Row, Table, inspect, select

from archsearch.errors import printable
from archsearch.schema.canonical import digest
from archsearch.schema.phases import PHASES
from archsearch.schema.score import FAILURE_KINDS
from archsearch.schema.study import Spec
from archsearch.store import Damaged
from archsearch.store.address import SQLITE, Address
from archsearch.store.engine import describe_damage, open_engine, reading
from archsearch.store.results import read_evaluation
from archsearch.store.tables import SCHEMA_VERSION, metadata, schema


def examine(address: Address) -> None:
    """Raise `Damaged`, with the place, unless everything in the database can be read; one that is not there is well."""
    if address.file is not None and not address.file.exists():
        return
    engine = open_engine(address, read_only=True)
    try:
        with reading(engine, address) as connection:
            for place in _find_damage(connection):
                raise Damaged(describe_damage(address, printable(place, 300)))
    finally:
        engine.dispose()


def _find_damage(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == SQLITE:
        driver: Any = connection.connection.driver_connection
        driver.text_factory = lambda text: text.decode("utf-8", "surrogateescape")  # so that the row can be named
        said = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
        yield from (text.strip().rpartition("\n")[2] for text in said if text != "ok")
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        yield from (f"table {table}, row {row}: its row of {parent} is missing" for table, row, parent, _ in orphans)
    ours = inspect(connection).has_table(schema.name)
    if ours and connection.scalar(select(schema.c.version)) == SCHEMA_VERSION:
        for table in metadata.sorted_tables:
            yield from _find_damaged_rows(connection, table)


def _find_damaged_rows(connection: Connection, table: Table) -> Iterator[str]:
    columns = [column for column in table.c if not isinstance(column.type, LargeBinary)]
    for row in connection.execute(select(*columns)):
        yield from _find_damaged_values(table, columns, row)


def _find_damaged_values(table: Table, columns: Sequence[Column[Any]], row: Row[Any]) -> Iterator[str]:
    place = ", ".join([f"table {table.name}", *(f"{key.name} {row._mapping[key]}" for key in table.primary_key)])
    for column in columns:
        value = row._mapping[column]
        kinds = (int, float) if column.type.python_type is float else column.type.python_type
        if not isinstance(value, kinds) and not (value is None and column.nullable):
            yield f"{place}: {column.name} has a value of another type"
        elif isinstance(value, str) and not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            yield f"{place}: {column.name} is not UTF-8"
    try:
        if check := _CHECKS.get(table.name):
            check(row)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        yield f"{place}: not what archsearch has written"


def _check_study(row: Row[Any]) -> None:
    """What is read of a definition that nothing else validates."""
    kept = json.loads(row.definition)
    numbers = [kept["study"]["search"]["trials"], *(kept["study"][phase]["seeds"] for phase in PHASES)]
    numbers += [kept["study"][phase]["best"] for phase in PHASES if phase != "search"]
    _expect(all(isinstance(number, int) for number in numbers))
    _expect(isinstance(kept["task"]["name"], str) and isinstance(kept["baselines"], dict))


def _check_spec(row: Row[Any]) -> None:
    Spec.model_validate(json.loads(row.document))


def _check_trial(row: Row[Any]) -> None:
    _expect(all(isinstance(choice, str | int | float) for choice in json.loads(row.choices).values()))


def _check_evaluation(row: Row[Any]) -> None:
    _expect(read_evaluation(row).key.digest == row.key)


def _check_failure(row: Row[Any]) -> None:
    _expect(row.kind is None or row.kind in FAILURE_KINDS)


def _check_environment(row: Row[Any]) -> None:
    _expect(digest(json.loads(row.document), 16) == row.fingerprint)


def _expect(sound: bool) -> None:
    if not sound:
        raise ValueError


_CHECKS: Mapping[str, Callable[[Row[Any]], object]] = {
    "archsearch_studies": _check_study,
    "archsearch_specs": _check_spec,
    "archsearch_spellings": _check_spec,
    "archsearch_trials": _check_trial,
    "archsearch_evaluations": _check_evaluation,
    "archsearch_runs": _check_failure,
    "archsearch_attempts": _check_failure,
    "archsearch_environments": _check_environment,
}
