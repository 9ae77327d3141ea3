"""Version 2: jobs, and indexes of what refers to specs, architectures, evaluations and environments."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import CheckConstraint, Column, Double, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

_STATES = "'created', 'queued', 'running', 'stopping', 'cancelled', 'failed'"
_INDEXES = (
    ("specs", "arch_id"),
    ("trials", "spec_id"),
    ("entries", "spec_id"),
    ("evaluations", "spec_id"),
    ("evaluations", "environment"),
    ("runs", "spec_id"),
    ("runs", "evaluation_id"),
    ("attempts", "spec_id"),
)


def upgrade(operations: Operations) -> None:
    """Add a table and indexes."""
    operations.create_table(
        "archsearch_jobs",
        Column("study_id", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("workers", Integer, nullable=False),
        Column("ticket", Integer, nullable=False),
        Column("reason", Text, nullable=False, server_default=""),
        Column("crashes", Integer, nullable=False, server_default="0"),
        Column("pid", Integer),
        Column("pid_started", Double),
        Column("host", Text, nullable=False, server_default=""),
        Column("changed_at", Text, nullable=False),
        PrimaryKeyConstraint("study_id", name="pk_archsearch_jobs"),
        CheckConstraint(f"state IN ({_STATES})", name="ck_archsearch_jobs_state"),
        CheckConstraint("(workers >= 1 AND crashes >= 0)", name="ck_archsearch_jobs_counts"),
        ForeignKeyConstraint(["study_id"], ["archsearch_studies.id"], name="fk_archsearch_jobs_study_id"),
    )
    for table, column in _INDEXES:
        operations.create_index(f"ix_archsearch_{table}_{column}", f"archsearch_{table}", [column])
