"""The last trials of a study: what samplers and pruners that learn from results look at."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna

LAST = 500
"""Trials. To learn from all of them would take ever longer: TPE half a second for proposal 8,000."""


def last_trials(
    study: optuna.Study, states: Container[optuna.trial.TrialState] | None = None
) -> list[optuna.trial.FrozenTrial]:
    """The last `LAST` trials by number; those of them in one of the `states`, if any are given."""
    trials = study.get_trials(deepcopy=False)[-LAST:]
    return trials if states is None else [trial for trial in trials if trial.state in states]


def recent(study: optuna.Study) -> Any:
    """The study with its last trials alone, for one of Optuna's own samplers to read."""
    return _Recent(study)


class _Recent:
    def __init__(self, study: optuna.Study) -> None:
        self._study = study

    def __getattr__(self, name: str) -> Any:
        return getattr(self._study, name)

    def _get_trials(
        self,
        deepcopy: bool = True,
        states: Container[optuna.trial.TrialState] | None = None,
        use_cache: bool = False,
    ) -> list[optuna.trial.FrozenTrial]:
        return last_trials(self._study, states)
