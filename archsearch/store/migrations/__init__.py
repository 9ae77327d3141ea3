"""The steps from each version of the tables to the next, one file each: `version_3` makes version 3 of version 2.

Loaded only where a database is older; they see the tables as they were then, never `store.tables`. The number in
`archsearch_schema` says which steps a database has had: Optuna owns the table in which Alembic would keep that.
"""

from __future__ import annotations

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from archsearch.store.tables import SCHEMA_VERSION, schema


def migrate(connection: Connection, version: int) -> None:
    """Bring the tables from an older version to the present one, in the transaction of `connection`."""
    operations = Operations(MigrationContext.configure(connection))
    for step in range(version + 1, SCHEMA_VERSION + 1):
        import_module(f"{__name__}.version_{step}").upgrade(operations)
    connection.execute(schema.update().values(version=SCHEMA_VERSION))
