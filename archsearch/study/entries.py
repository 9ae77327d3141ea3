"""The specs that take part in a study, candidates and baselines alike, one by one."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from archsearch.schema.phases import PHASES, Phase

if TYPE_CHECKING:
    from archsearch.store import SpecRow, StudyRow
    from archsearch.store.store import Store

SPEC_ID = re.compile(r"[0-9a-f]{1,64}")
"""An id as specs have it. Not every database can be asked for another text."""


@dataclasses.dataclass(frozen=True)
class Entry:
    """A spec that takes part in a study.

    label: the name of a baseline, empty for a candidate. phases: those that it takes part in, in their order. parts:
    the spec's document as the study spells it, with the keys cell, model and training.
    """

    row: StudyRow
    spec: SpecRow
    label: str
    phases: tuple[Phase, ...]
    parts: dict[str, Any]


def find_entry(store: Store, row: StudyRow, spec_id: str) -> Entry | None:
    """The spec with this id, if it takes part in the study."""
    known = SPEC_ID.fullmatch(spec_id) is not None
    phases = tuple(phase for phase in PHASES if known and store.has_entry(row.id, phase, spec_id))
    spec = store.spec_of_study(row.id, spec_id) if phases else None
    if spec is None:
        return None
    return Entry(row, spec, _label(store, row, phases[0], spec_id), phases, json.loads(spec.document))


def _label(store: Store, row: StudyRow, phase: Phase, spec_id: str) -> str:
    """The name of a baseline; empty for the spec of a trial."""
    if store.trial_of_spec(row.id, spec_id) is not None:
        return ""
    return next((entry.label for entry in store.entries(row.id, phase) if entry.spec_id == spec_id), "")
