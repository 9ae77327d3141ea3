"""Sobol's sequence (Sobol 1967), scrambled as Owen (1998) does: trial n takes point n, and points spread evenly.

Each hole is a dimension, in the order in which trials were first asked it; those of one trial by name. A hole that no
earlier trial was asked is drawn at random, as are holes beyond the first 256. Scores are not read, so that a study with
this sampler and no pruner gives the same result with any number of workers.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any

from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

DIMENSIONS = 256
"""Always as many, since the scrambling of each dimension depends on their number."""


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """A sampler that proposes point `number` of the sequence that `seed` scrambles."""
    import optuna
    from scipy.stats import qmc  # type: ignore[import-untyped]

    class SobolSampler(optuna.samplers.BaseSampler):
        def infer_relative_search_space(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial
        ) -> dict[str, BaseDistribution]:
            space: dict[str, BaseDistribution] = {}
            for earlier in study.get_trials(deepcopy=False)[: trial.number]:
                if not earlier.distributions.keys() <= space.keys():
                    for name in sorted(earlier.distributions):
                        space.setdefault(name, earlier.distributions[name])
            return dict(islice(space.items(), DIMENSIONS))

        def sample_relative(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial, search_space: dict[str, BaseDistribution]
        ) -> dict[str, Any]:
            sequence = qmc.Sobol(DIMENSIONS, scramble=True, rng=seed)
            if number:
                sequence.fast_forward(number)
            shares = sequence.random(1)[0, : len(search_space)]
            pairs = zip(search_space.items(), map(float, shares), strict=True)
            return {name: _answer(distribution, share) for (name, distribution), share in pairs}

        def sample_independent(
            self,
            study: optuna.Study,
            trial: optuna.trial.FrozenTrial,
            param_name: str,
            param_distribution: BaseDistribution,
        ) -> Any:
            return chance.sample_independent(study, trial, param_name, param_distribution)

    chance = optuna.samplers.RandomSampler(seed=proposal_seed(seed, number))
    return SobolSampler()


def _answer(distribution: BaseDistribution, share: float) -> Any:
    """The answer below which `share`, in [0, 1), of a distribution lies."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[int(share * len(distribution.choices))]
    assert isinstance(distribution, IntDistribution | FloatDistribution)
    half = 0.5 if isinstance(distribution, IntDistribution) else 0.0  # each whole number gets its surroundings
    low, high = distribution.low - half, distribution.high + half
    value = low * math.exp(share * math.log(high / low)) if distribution.log else low + share * (high - low)
    nearest = round(value) if half else value
    return min(distribution.high, max(distribution.low, nearest))


SAMPLER = make_sampler
