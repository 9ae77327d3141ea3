"""Tree-structured Parzen estimator (Bergstra et al. 2011): draws where good trials are denser than others.

Joint densities for the holes that are asked together (`group`), running trials count as bad ones (`constant_liar`), and
the first ten trials are drawn at random.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's TPE sampler; arguments that are not named here are deprecated in Optuna 5."""
    import optuna

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Argument ``group``", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(
            n_startup_trials=10,
            n_ei_candidates=24,
            seed=proposal_seed(seed, number),
            multivariate=True,
            group=True,
            constant_liar=True,
        )


SAMPLER = make_sampler
