"""Studies: how far each is, and what it is to do."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from archsearch.findings.caveats import caveats
from archsearch.findings.plain import finite
from archsearch.findings.standing import Standing
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.states import TRIAL_STATES, StudyState, TrialState
from archsearch.study.stored import Plan, plan_of

if TYPE_CHECKING:
    from archsearch.store import Counts, StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class StudySummary:
    """A study in one row. `trials` have ended; `best` is a value of the search, no result.

    `note` says that every candidate failed, or that results are not reproducible; it is empty for most studies.
    """

    study: str
    state: StudyState
    task: str
    trials: int
    trials_wanted: int
    best: float | None
    best_line: str | None
    created_at: str
    note: str


@dataclasses.dataclass(frozen=True)
class Studies:
    """Some studies, and how many pass the filters in all."""

    total: int
    studies: tuple[StudySummary, ...]


@dataclasses.dataclass(frozen=True)
class PhaseCounts:
    """Evaluations of a phase; `planned` counts as if none repeated."""

    phase: Phase
    done: int
    planned: int
    failed: int


@dataclasses.dataclass(frozen=True)
class Progress(StudySummary):
    """How far a study is."""

    trial_states: dict[TrialState, int]
    repeats: int
    tried_again: int
    phases: tuple[PhaseCounts, ...]


@dataclasses.dataclass(frozen=True)
class Study(Progress):
    """A study with its definition: `study` is its file, the space and the baselines written out.

    `verdict` is on the report phase, `decided` once it has results. Minus infinity is null in the definition.
    """

    verdict: str
    decided: bool
    definition: dict[str, Any]


def summary_of(store: Store, row: StudyRow) -> StudySummary:
    """A study in one row."""
    return StudySummary(**_summary(store, row, store.progress(row.id)))


def progress_of(store: Store, row: StudyRow) -> Progress:
    """How far a study is: its summary, its trials by state, its phases."""
    return Progress(**_progress(store, row))


def study_of(store: Store, row: StudyRow, standing: Standing) -> Study:
    """A study with its definition and the verdict."""
    definition = finite(json.loads(row.definition))
    return Study(**_progress(store, row), verdict=standing.verdict, decided=standing.decided, definition=definition)


def _summary(store: Store, row: StudyRow, counts: Counts) -> dict[str, Any]:
    plan, trials = plan_of(row), counts.trials
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
        "note": caveats(store, row, counts),
    }


def _progress(store: Store, row: StudyRow) -> dict[str, Any]:
    plan, counts = plan_of(row), store.progress(row.id)
    phases = (_phase(plan, phase, counts) for phase in PHASES)
    return _summary(store, row, counts) | {
        "trial_states": {state: counts.trials.get(state, 0) for state in TRIAL_STATES},
        "repeats": counts.repeats,
        "tried_again": counts.attempts,
        "phases": tuple(phases),
    }


def _phase(plan: Plan, phase: Phase, counts: Counts) -> PhaseCounts:
    """Of a study that was extended, entries that are no longer among the best count as well."""
    done = counts.runs.get(phase, 0)
    return PhaseCounts(phase, done, max(plan.runs(phase, counts.draws), done), counts.failed.get(phase, 0))
