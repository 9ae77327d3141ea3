"""The database: studies, trials, evaluations with every seed, failures with their reasons.

The only package that knows SQLAlchemy. One coordinator per study writes (see `study_lock`); anybody may read.
"""

from archsearch.store.engine import Unavailable
from archsearch.store.figures import NO_CELL
from archsearch.store.lock import HeldElsewhere, runner_lock, schema_lock, study_lock, utc_now
from archsearch.store.pages import Cut, Page, StudySort, TrialFilter, TrialSort
from archsearch.store.rows import (
    AlreadyCounted,
    AttemptRow,
    Choice,
    CoordinatorState,
    EndState,
    EntryFigures,
    EntryResult,
    EntryRow,
    EvaluationKey,
    EvaluationRow,
    JobRow,
    JobState,
    NewEntry,
    Progress,
    Run,
    RunFigures,
    RunRow,
    SpecRow,
    StudyRow,
    TrialEnd,
    TrialRow,
)
from archsearch.store.store import Store

__all__ = [
    "NO_CELL",
    "AlreadyCounted",
    "AttemptRow",
    "Choice",
    "CoordinatorState",
    "Cut",
    "EndState",
    "EntryFigures",
    "EntryResult",
    "EntryRow",
    "EvaluationKey",
    "EvaluationRow",
    "HeldElsewhere",
    "JobRow",
    "JobState",
    "NewEntry",
    "Page",
    "Progress",
    "Run",
    "RunFigures",
    "RunRow",
    "SpecRow",
    "Store",
    "StudyRow",
    "StudySort",
    "TrialEnd",
    "TrialFilter",
    "TrialRow",
    "TrialSort",
    "Unavailable",
    "runner_lock",
    "schema_lock",
    "study_lock",
    "utc_now",
]
