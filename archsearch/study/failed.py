"""What failed in a stored study, and why, as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from archsearch.space.line import choices_line
from archsearch.store import NO_CELL, Store, StudyRow


@dataclasses.dataclass(frozen=True)
class Failures:
    """Some failures, the latest first; `total` and `kinds` count all, the most frequent kind first."""

    total: int
    kinds: Mapping[str, int]
    latest: tuple[dict[str, Any], ...]


def latest_failures(store: Store, row: StudyRow, count: int, offset: int = 0) -> Failures:
    """The latest failures but for the `offset` ones after them."""
    kinds = store.failure_kinds(row.id)
    found = list_failures(store, row, offset + count) if kinds else []
    return Failures(sum(kinds.values()), kinds, tuple(found[::-1][offset : offset + count]))


def list_failures(store: Store, row: StudyRow, latest: int | None = None) -> list[dict[str, Any]]:
    """Failed attempts and refused proposals, or the latest so many, the latest last."""
    found = _attempts(store, row, latest) + _refusals(store, row, latest)
    found.sort(key=lambda failure: str(failure["at"]))
    return found if latest is None else found[-latest:]


def _attempts(store: Store, row: StudyRow, latest: int | None) -> list[dict[str, Any]]:
    attempts = store.failures(row.id, latest)
    lines = store.lines(row.id, (attempt.spec_id for attempt in attempts)) if attempts else {}
    return [
        {
            "at": attempt.at,
            "phase": attempt.phase,
            "kind": attempt.kind,
            "final": attempt.final,
            "attempt": attempt.attempt,
            "seed_index": attempt.seed_index,
            "spec_id": attempt.spec_id,
            "line": lines.get(attempt.spec_id, ""),
            "reason": attempt.reason,
        }
        for attempt in attempts
    ]


def _refusals(store: Store, row: StudyRow, latest: int | None) -> list[dict[str, Any]]:
    """Proposals of which no cell could be made: they never became an evaluation."""
    return [
        {
            "at": trial.finished_at or trial.proposed_at,
            "phase": "search",
            "kind": NO_CELL,
            "final": True,
            "attempt": 1,
            "seed_index": None,
            "spec_id": None,
            "line": choices_line(trial.choices),
            "reason": trial.reason,
        }
        for trial in store.refusals(row.id, latest)
    ]
