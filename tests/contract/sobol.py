"""Sobol's sequence as a sampler: one scrambling per study, one point per trial."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import optuna
from optuna.distributions import BaseDistribution


class SobolSampler(optuna.samplers.QMCSampler):
    """Optuna's, without its counter in the study's attributes: the trial's number takes its place.

    Holes that the first trial was not asked are drawn at random, as Optuna does.
    """

    def __init__(self, seed: int, number: int) -> None:
        rest = optuna.samplers.RandomSampler(seed=(seed + number) % 2**32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            super().__init__(
                qmc_type="sobol", scramble=True, seed=seed, independent_sampler=rest, warn_independent_sampling=False
            )
        self._number = number

    def _find_sample_id(self, study: optuna.Study, search_space: Mapping[str, BaseDistribution]) -> int:
        return self._number
