"""What failed in a stored study, and why, as plain values."""

from __future__ import annotations

from typing import Any

from archsearch.space.line import choices_line
from archsearch.store import Store, StudyRow
from archsearch.study.stored import PHASES


def list_failures(store: Store, row: StudyRow) -> list[dict[str, Any]]:
    """Failed attempts and refused proposals, the latest last."""
    return sorted(_attempts(store, row) + _refusals(store, row), key=lambda failure: str(failure["at"]))


def _attempts(store: Store, row: StudyRow) -> list[dict[str, Any]]:
    lines = {
        entry.spec_id: entry.label if entry.role == "baseline" else entry.line
        for phase in PHASES
        for entry in store.entries(row.id, phase)
    }
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
        for attempt in store.failures(row.id)
    ]


def _refusals(store: Store, row: StudyRow) -> list[dict[str, Any]]:
    """Proposals of which no cell could be made: they never became an evaluation."""
    refused = [trial for trial in store.trials(row.id, "failed") if trial.spec_id is None]
    if not refused:
        return []
    return [
        {
            "at": trial.finished_at or trial.proposed_at,
            "phase": "search",
            "kind": "no cell",
            "final": True,
            "attempt": 1,
            "seed_index": None,
            "spec_id": None,
            "line": choices_line(trial.choices),
            "reason": trial.reason,
        }
        for trial in refused
    ]
