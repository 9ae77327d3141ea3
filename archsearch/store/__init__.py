"""The database: studies, trials, evaluations with every seed, failures with their reasons.

The only package that knows SQLAlchemy. One coordinator per study writes (see `study_lock`); anybody may read.
"""

from archsearch.store.engine import Unavailable
from archsearch.store.lock import schema_lock, study_lock, utc_now
from archsearch.store.pages import Cut, Page, StudySort, TrialFilter, TrialSort
from archsearch.store.rows import (
    AlreadyCounted,
    AttemptRow,
    Choice,
    EndState,
    EntryResult,
    EntryRow,
    EvaluationKey,
    EvaluationRow,
    NewEntry,
    Progress,
    Role,
    Run,
    RunRow,
    SpecRow,
    StudyRow,
    StudyState,
    TrialEnd,
    TrialRow,
    TrialState,
)
from archsearch.store.store import Store

__all__ = [
    "AlreadyCounted",
    "AttemptRow",
    "Choice",
    "Cut",
    "EndState",
    "EntryResult",
    "EntryRow",
    "EvaluationKey",
    "EvaluationRow",
    "NewEntry",
    "Page",
    "Progress",
    "Role",
    "Run",
    "RunRow",
    "SpecRow",
    "Store",
    "StudyRow",
    "StudySort",
    "StudyState",
    "TrialEnd",
    "TrialFilter",
    "TrialRow",
    "TrialSort",
    "TrialState",
    "Unavailable",
    "schema_lock",
    "study_lock",
    "utc_now",
]
