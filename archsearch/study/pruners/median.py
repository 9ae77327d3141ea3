"""The median rule (Golovin et al. 2017): stops a trial whose best report is below the others' median at this check.

Nothing is pruned before five trials are complete, nor at the first two checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna


def make_pruner() -> optuna.pruners.BasePruner:
    """Optuna's median pruner."""
    import optuna

    return optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=3, interval_steps=1, n_min_trials=5)


PRUNER = make_pruner
