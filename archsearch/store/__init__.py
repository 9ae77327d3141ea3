"""The database: studies, trials, evaluations with every seed, failures with their reasons.

The only package that knows SQLAlchemy. One coordinator per study writes (see `own_study`); anybody may read.
"""

from archsearch.store.creation import upgrade_tables
from archsearch.store.engine import Damaged, NoAnswer, Unavailable
from archsearch.store.figures import NO_CELL
from archsearch.store.lock import HeldElsewhere, runner_lock, schema_lock, study_lock, utc_now
from archsearch.store.owned import Owned, SetBack, TakenOver, own_study
from archsearch.store.pages import Cut, Page, StudySort, TrialFilter, TrialSort
from archsearch.store.patience import PATIENCE, Patience
from archsearch.store.rows import (
    AlreadyCounted,
    AttemptRow,
    Choice,
    CoordinatorState,
    Counts,
    EndState,
    EntryFigures,
    EntryResult,
    EntryRow,
    EvaluationKey,
    EvaluationRow,
    JobRow,
    JobState,
    NewEntry,
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
    "PATIENCE",
    "AlreadyCounted",
    "AttemptRow",
    "Choice",
    "CoordinatorState",
    "Counts",
    "Cut",
    "Damaged",
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
    "NoAnswer",
    "Owned",
    "Page",
    "Patience",
    "Run",
    "RunFigures",
    "RunRow",
    "SetBack",
    "SpecRow",
    "Store",
    "StudyRow",
    "StudySort",
    "TakenOver",
    "TrialEnd",
    "TrialFilter",
    "TrialRow",
    "TrialSort",
    "Unavailable",
    "own_study",
    "runner_lock",
    "schema_lock",
    "study_lock",
    "upgrade_tables",
    "utc_now",
]
