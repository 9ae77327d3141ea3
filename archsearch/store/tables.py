"""The tables. All names carry a prefix: Optuna keeps its own tables in the same database.

Scores are guarded here as well: a NaN becomes NULL in SQLite and an infinity passes most comparisons, so the CHECK
constraints demand numbers in [0, 1] and a complete evaluation to have all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    event,
    false,
    literal,
    select,
    text,
)

from archsearch.schema.phases import PHASES
from archsearch.schema.states import ROLES, TRIAL_STATES
from archsearch.store import COORDINATOR_STATES, EVALUATION_STATES, JOB_STATES

SCHEMA_VERSION = 5
"""Each step from the version before is a file in `migrations`."""

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_WHERE = "archsearch_where"
"""An index with this has only such rows. As options of their own the dialects would be loaded, PostgreSQL's too."""


@event.listens_for(metadata, "before_create")
def _make_indexes_partial(_: MetaData, connection: Connection, **__: object) -> None:
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options[connection.dialect.name]["where"] = text(index.info[_WHERE])


_CODE_POINTS = Text().with_variant(Text(collation="C"), "postgresql")


def by_code_points(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of texts, to order by: as SQLite and Python order them, not by the rules of a PostgreSQL database."""
    return cast(column, _CODE_POINTS)


def matching(*columns: Column[Any]) -> Select[Any]:
    """A query for a row with given values, which are passed under the names of the columns.

    Made once: to make a statement takes four times as long as to execute it.
    """
    return select(literal(1)).where(*(column == bindparam(column.name) for column in columns)).limit(1)


def _among(column: str, allowed: Sequence[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _unit(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IS NULL OR ({column} >= 0 AND {column} <= 1)", name=f"{column}_in_unit")


def _readers(table: str, *columns: str) -> list[Index]:
    """Indexes without which deleting a row would read all of the tables that may refer to it."""
    return [Index(f"ix_archsearch_{table}_{column}", column) for column in columns]


schema = Table("archsearch_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

studies = Table(
    "archsearch_studies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("definition", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("fence", BigInteger, nullable=False, server_default="0"),  # which owner may write
    Column("writes", BigInteger, nullable=False, server_default="0"),  # transactions of that owner
    _among("state", COORDINATOR_STATES),
)

jobs = Table(
    "archsearch_jobs",
    metadata,
    Column("study_id", ForeignKey(studies.c.id), primary_key=True),
    Column("state", Text, nullable=False),
    Column("workers", Integer, nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("pid", Integer),
    Column("pid_started", Double),
    Column("host", Text, nullable=False, server_default=""),
    Column("changed_at", Text, nullable=False),
    _among("state", JOB_STATES),
    CheckConstraint("(workers >= 1 AND crashes >= 0)", name="counts"),
)

architectures = Table(
    "archsearch_architectures",
    metadata,
    Column("arch_id", Text, primary_key=True),
    Column("ir", Text, nullable=False),
)

specs = Table(
    "archsearch_specs",
    metadata,
    Column("spec_id", Text, primary_key=True),
    Column("arch_id", ForeignKey(architectures.c.arch_id), nullable=False),
    Column("document", Text, nullable=False),
    Column("line", Text, nullable=False),
    *_readers("specs", "arch_id"),
)

trials = Table(
    "archsearch_trials",
    metadata,
    Column("study_id", ForeignKey(studies.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("choices", Text, nullable=False),
    Column("spec_id", ForeignKey(specs.c.spec_id)),
    Column("state", Text, nullable=False),
    Column("value", Double),
    Column("repeat_of", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    Column("proposed_at", Text, nullable=False),
    Column("finished_at", Text),
    ForeignKeyConstraint(["study_id", "repeat_of"], ["archsearch_trials.study_id", "archsearch_trials.number"]),
    _among("state", TRIAL_STATES),
    _unit("value"),
    CheckConstraint("(value IS NULL OR state IN ('complete', 'pruned'))", name="value_is_an_end"),
    CheckConstraint("(state <> 'complete' OR value IS NOT NULL)", name="complete_has_value"),
    CheckConstraint("(spec_id IS NOT NULL OR state = 'failed')", name="spec_or_failed"),
    CheckConstraint("((finished_at IS NULL) = (state = 'running'))", name="finished_at"),
    Index(
        "ix_archsearch_trials_one_per_spec",
        "study_id",
        "spec_id",
        unique=True,
        info={_WHERE: "repeat_of IS NULL"},
    ),
    Index("ix_archsearch_trials_repeats", "study_id", "repeat_of"),
    *_readers("trials", "spec_id"),
)

entries = Table(
    "archsearch_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", ForeignKey(studies.c.id), nullable=False),
    Column("phase", Text, nullable=False),
    Column("spec_id", ForeignKey(specs.c.spec_id), nullable=False),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("rank", Integer),
    UniqueConstraint("study_id", "phase", "spec_id", "role", "label"),
    _among("phase", PHASES),
    _among("role", ROLES),
    *_readers("entries", "spec_id"),
)

environments = Table(
    "archsearch_environments",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("document", Text, nullable=False),
)

SCORE_COLUMNS = ("objective", "final", "best", "solved", "curve", "parameters", "operations", "stages", "weights_hash")
"""Score fields that a complete evaluation must have; `test` and `sequences_to_solve` may be absent."""

spellings = Table(
    "archsearch_spellings",  # a row where another study has stored the spec with a cell in another spelling
    metadata,
    Column("study_id", ForeignKey(studies.c.id), primary_key=True),
    Column("spec_id", ForeignKey(specs.c.spec_id), primary_key=True),
    Column("document", Text, nullable=False),
    *_readers("spellings", "spec_id"),
)

evaluations = Table(
    "archsearch_evaluations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("spec_id", ForeignKey(specs.c.spec_id), nullable=False),
    Column("task", Text, nullable=False),
    Column("seed", Text, nullable=False),  # text: a seed may exceed 63 bits
    Column("budget", BigInteger, nullable=False),
    Column("backend", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("objective", Double),
    Column("final", Double),
    Column("best", Double),
    Column("test", Double),
    Column("solved", Boolean),
    Column("sequences_to_solve", BigInteger),
    Column("curve", Text),
    Column("parameters", BigInteger),
    Column("operations", BigInteger),
    Column("stages", Integer),
    Column("weights_hash", Text),
    Column("backend_reason", Text, nullable=False, server_default=""),
    Column("reports", Text, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("environment", ForeignKey(environments.c.fingerprint), nullable=False),
    Column("finished_at", Text, nullable=False),
    Column("compiled", Boolean, nullable=False, server_default=false()),
    _among("state", EVALUATION_STATES),
    *map(_unit, ("objective", "final", "best", "test")),
    CheckConstraint("(seconds >= 0 AND seconds <= 1e12)", name="seconds_finite"),
    CheckConstraint(
        f"(state <> 'complete' OR ({' AND '.join(f'{name} IS NOT NULL' for name in SCORE_COLUMNS)}))",
        name="complete_has_score",
    ),
    Index(
        "ix_archsearch_evaluations_complete_once",
        "key",
        unique=True,
        info={_WHERE: "state = 'complete'"},
    ),
    *_readers("evaluations", "spec_id", "environment"),
)

runs = Table(
    "archsearch_runs",
    metadata,
    Column("study_id", ForeignKey(studies.c.id), primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("spec_id", ForeignKey(specs.c.spec_id), primary_key=True),
    Column("seed_index", Integer, primary_key=True),
    Column("evaluation_id", ForeignKey(evaluations.c.id)),
    Column("kind", Text),
    Column("reason", Text),
    _among("phase", PHASES),
    CheckConstraint("((evaluation_id IS NULL) = (kind IS NOT NULL))", name="evaluation_or_failure"),
    CheckConstraint("((kind IS NULL) = (reason IS NULL))", name="failure_has_reason"),
    *_readers("runs", "spec_id", "evaluation_id"),
)

attempts = Table(
    "archsearch_attempts",
    metadata,
    Column("study_id", ForeignKey(studies.c.id), primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("spec_id", ForeignKey(specs.c.spec_id), primary_key=True),
    Column("seed_index", Integer, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    _among("phase", PHASES),
    *_readers("attempts", "spec_id"),
)

weights = Table(
    "archsearch_weights",
    metadata,
    Column("evaluation_id", ForeignKey(evaluations.c.id), primary_key=True),
    Column("safetensors", LargeBinary, nullable=False),
)
