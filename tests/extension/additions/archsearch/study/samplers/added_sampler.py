"""Added by a test: draws at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's random sampler."""
    import optuna

    return optuna.samplers.RandomSampler(seed=proposal_seed(seed, number))


SAMPLER = make_sampler
