"""Version 5: a study keeps its own spelling of a spec that another study has stored in another one, and an evaluation
says whether compiled steps trained it (PyTorch trained all that came before)."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, false

_NAME = "archsearch_spellings"


def upgrade(operations: Operations) -> None:
    """Add a table with its index, and a column."""
    operations.create_table(
        _NAME,
        Column("study_id", Integer, nullable=False),
        Column("spec_id", Text, nullable=False),
        Column("document", Text, nullable=False),
        PrimaryKeyConstraint("study_id", "spec_id", name=f"pk_{_NAME}"),
        ForeignKeyConstraint(["study_id"], ["archsearch_studies.id"], name=f"fk_{_NAME}_study_id"),
        ForeignKeyConstraint(["spec_id"], ["archsearch_specs.spec_id"], name=f"fk_{_NAME}_spec_id"),
    )
    operations.create_index(f"ix_{_NAME}_spec_id", _NAME, ["spec_id"])
    compiled = Column("compiled", Boolean, nullable=False, server_default=false())
    operations.add_column("archsearch_evaluations", compiled)
