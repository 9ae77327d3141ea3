"""How a study spells its specs: equal trainings are one spec, stored in the spelling that came first."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from archsearch.store import SpecRow
from archsearch.store.tables import entries, matching, specs, spellings

_STORED = select(specs.c.document).where(specs.c.spec_id == bindparam("spec_id"))
_IN_STUDY = matching(entries.c.study_id, entries.c.spec_id)
_OWN = select(spellings.c.document).where(
    spellings.c.study_id == bindparam("study_id"), spellings.c.spec_id == bindparam("spec_id")
)
_ADD = spellings.insert()


def add_spelling(connection: Connection, study_id: int, spec: SpecRow) -> None:
    """Keep the study's own spelling of a spec that is new to it, where the stored one is another."""
    place = {"study_id": study_id, "spec_id": spec.spec_id}
    if connection.scalar(_STORED, place) != spec.document and connection.scalar(_IN_STUDY, place) is None:
        connection.execute(_ADD, {**place, "document": spec.document})


def own_document(connection: Connection, study_id: int, spec_id: str) -> str | None:
    """The document of a spec as the study spells it, where that is not how it is stored."""
    document: str | None = connection.scalar(_OWN, {"study_id": study_id, "spec_id": spec_id})
    return document
