"""How far stored studies are, as plain values."""

from __future__ import annotations

from typing import Any

from archsearch.schema.phases import PHASES
from archsearch.schema.states import TRIAL_STATES
from archsearch.store import Progress, Store, StudyRow
from archsearch.study.caveats import caveats
from archsearch.study.stored import plan_of


def summary(store: Store, row: StudyRow) -> dict[str, Any]:
    """A study in one row."""
    return _summary(store, row, store.progress(row.id))


def _summary(store: Store, row: StudyRow, progress: Progress) -> dict[str, Any]:
    plan, trials = plan_of(row), progress.trials
    best = next(iter(store.best_trials(row.id, 1)), None)
    return {
        "study": row.name,
        "state": row.state,
        "task": plan.task.get("name"),
        "trials": sum(number for state, number in trials.items() if state != "running"),
        "trials_wanted": plan.trials,
        "best": best.value if best else None,
        "best_line": best.line if best else None,
        "created_at": row.created_at,
        "note": caveats(store, row, progress),
    }


def overview(store: Store, row: StudyRow) -> dict[str, Any]:
    """How far a study is: its summary, its trials by state, its phases."""
    plan, progress = plan_of(row), store.progress(row.id)
    phases = [
        {
            "phase": phase,
            "done": progress.runs.get(phase, 0),
            "planned": plan.runs(phase),
            "failed": progress.failed.get(phase, 0),
        }
        for phase in PHASES
    ]
    return _summary(store, row, progress) | {
        "trial_states": {state: progress.trials.get(state, 0) for state in TRIAL_STATES},
        "repeats": progress.repeats,
        "tried_again": progress.attempts,
        "phases": phases,
    }
