"""What studies, trials and entries may be. Apart from the store: the API's documents and pages say the same words."""

from __future__ import annotations

from typing import Literal, get_args

StudyState = Literal[
    "created", "queued", "running", "stopping", "interrupted", "cancelled", "failed", "finished", "exhausted"
]
"""What is shown of a study: its job's state while it has a job, else what its coordinator wrote last."""
TrialState = Literal["running", "complete", "pruned", "failed"]
Role = Literal["candidate", "baseline"]

STUDY_STATES: tuple[StudyState, ...] = get_args(StudyState)
TRIAL_STATES: tuple[TrialState, ...] = get_args(TrialState)
ROLES: tuple[Role, ...] = get_args(Role)

COMPLETED: frozenset[StudyState] = frozenset(("finished", "exhausted"))
"""A study that has come to its end."""
AT_REST: frozenset[StudyState] = COMPLETED | {"interrupted", "cancelled", "failed"}
"""A study with which nothing happens until a user starts it."""
