"""Version 3: a study has a fencing number, and the number of its owner's writes."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column


def upgrade(operations: Operations) -> None:
    """Add two columns."""
    for name in ("fence", "writes"):
        operations.add_column("archsearch_studies", Column(name, BigInteger, nullable=False, server_default="0"))
