"""Tree-structured Parzen estimator (Bergstra et al. 2011): draws where good trials are denser than others.

Joint densities for the holes that are asked together (`group`), running trials count as bad ones (`constant_liar`), the
first ten trials are drawn at random, and only the last 500 are read.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from archsearch.study.recent import recent
from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's TPE sampler; arguments that are not named here are deprecated in Optuna 5."""
    import optuna

    class RecentTPE(optuna.samplers.TPESampler):
        def infer_relative_search_space(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial
        ) -> dict[str, BaseDistribution]:
            return super().infer_relative_search_space(recent(study), trial)

        def sample_relative(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial, search_space: dict[str, BaseDistribution]
        ) -> dict[str, Any]:
            return super().sample_relative(recent(study), trial, search_space)

        def sample_independent(
            self,
            study: optuna.Study,
            trial: optuna.trial.FrozenTrial,
            param_name: str,
            param_distribution: BaseDistribution,
        ) -> Any:
            return super().sample_independent(recent(study), trial, param_name, param_distribution)

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Argument ``group``", optuna.exceptions.ExperimentalWarning)
        return RecentTPE(
            n_startup_trials=10,
            n_ei_candidates=24,
            seed=proposal_seed(seed, number),
            multivariate=True,
            group=True,
            constant_liar=True,
        )


SAMPLER = make_sampler
