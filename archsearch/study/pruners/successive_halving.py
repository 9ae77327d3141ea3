"""Asynchronous successive halving (Li et al. 2020): at checks 1, 3, 9, ... only the best third so far goes on.

Of the last 500 trials, that is.

Written here because Optuna's own keeps its rungs outside the reports, where a killed study would lose them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.study.recent import last_trials

if TYPE_CHECKING:
    import optuna

REDUCTION = 3
"""One trial in REDUCTION goes on; also the ratio between the checks at which that is decided."""


def make_pruner() -> optuna.pruners.BasePruner:
    """A pruner that compares the trials that have come as far as this one, running ones included."""
    import optuna

    class SuccessiveHalving(optuna.pruners.BasePruner):
        def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
            check = trial.last_step
            if check is None or not is_rung(check):
                return False
            others = last_trials(study)
            values = sorted(trial.intermediate_values[check] for trial in others if check in trial.intermediate_values)
            going_on = max(1, len(values) // REDUCTION)
            return bool(trial.intermediate_values[check] < values[-going_on])

    return SuccessiveHalving()


def is_rung(check: int) -> bool:
    """Whether the check is a power of `REDUCTION`."""
    while check > 1 and check % REDUCTION == 0:
        check //= REDUCTION
    return check == 1


PRUNER = make_pruner
