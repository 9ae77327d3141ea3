"""Queries on specs and on the entries of a phase."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from archsearch.schema.phases import Phase
from archsearch.store import EntryRow, NewEntry, SpecRow
from archsearch.store.spellings import add_spelling, own_document
from archsearch.store.tables import architectures, entries, matching, specs

_ARCHITECTURE = matching(architectures.c.arch_id)
_SPEC = matching(specs.c.spec_id)
_IN_PHASE = matching(entries.c.study_id, entries.c.phase, entries.c.spec_id)
_ENTRY = matching(entries.c.study_id, entries.c.phase, entries.c.role, entries.c.label, entries.c.spec_id)
_ADD_ARCHITECTURE, _ADD_SPEC, _ADD_ENTRY = architectures.insert(), specs.insert(), entries.insert()
_FIND_SPEC = select(specs, architectures.c.ir).join(architectures).where(specs.c.spec_id == bindparam("spec_id"))


def add_specs(connection: Connection, new: Iterable[SpecRow]) -> None:
    """Store specs and their architectures; those that are there already are left as they are."""
    for spec in new:
        if not _exists(connection, _ARCHITECTURE, arch_id=spec.arch_id):
            connection.execute(_ADD_ARCHITECTURE, {"arch_id": spec.arch_id, "ir": spec.ir})
        if not _exists(connection, _SPEC, spec_id=spec.spec_id):
            values = {"arch_id": spec.arch_id, "document": spec.document, "line": spec.line}
            connection.execute(_ADD_SPEC, {"spec_id": spec.spec_id, **values})


def find_spec(connection: Connection, spec_id: str) -> SpecRow | None:
    """The spec with this id."""
    row = connection.execute(_FIND_SPEC, {"spec_id": spec_id}).first()
    return None if row is None else SpecRow(**row._mapping)


def find_spec_of_study(connection: Connection, study_id: int, spec_id: str) -> SpecRow | None:
    """The spec with this id, as it came into the study first."""
    spec, own = find_spec(connection, spec_id), own_document(connection, study_id, spec_id)
    return spec if spec is None or own is None else dataclasses.replace(spec, document=own)


def add_entries(connection: Connection, study_id: int, phase: Phase, new: Iterable[NewEntry]) -> None:
    """Let specs take part in a phase; entries that are there already only take over a new rank."""
    for entry in new:
        add_specs(connection, [entry.spec])
        add_spelling(connection, study_id, entry.spec)
        names = {"study_id": study_id, "phase": phase, "role": entry.role, "label": entry.label}
        names["spec_id"] = entry.spec.spec_id
        if not _exists(connection, _ENTRY, **names):
            connection.execute(_ADD_ENTRY, {**names, "rank": entry.rank})
        elif entry.rank is not None:
            same = [entries.c[name] == value for name, value in names.items()]
            connection.execute(entries.update().where(*same).values(rank=entry.rank))


def list_entries(connection: Connection, study_id: int, phase: Phase) -> tuple[EntryRow, ...]:
    """The entries of a phase: candidates before baselines, then by rank, then in order of addition."""
    query = (
        select(*(entries.c[name] for name in _NAMES), specs.c.arch_id, specs.c.line)
        .join(specs)
        .where(entries.c.study_id == study_id, entries.c.phase == phase)
        .order_by(*in_order())
    )
    rows: Sequence[Any] = connection.execute(query).all()
    return tuple(map(EntryRow._make, rows))


def in_order() -> tuple[ColumnElement[Any], ...]:
    """Candidates before baselines, then by rank, then in order of addition."""
    return (entries.c.role != "candidate", entries.c.rank.is_(None), entries.c.rank, entries.c.id)


_NAMES = ("phase", "role", "label", "spec_id", "rank")
"""Columns in the order of the fields of `EntryRow`; architecture and line follow."""


def has_entry(connection: Connection, study_id: int, phase: Phase, spec_id: str) -> bool:
    """Whether a spec takes part in a phase."""
    return _exists(connection, _IN_PHASE, study_id=study_id, phase=phase, spec_id=spec_id)


def _exists(connection: Connection, query: Select[Any], **values: object) -> bool:
    return connection.execute(query, values).first() is not None
