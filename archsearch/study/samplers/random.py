"""Random search (Bergstra & Bengio 2012): each proposal is drawn from the whole space.

The proposal for trial n depends on the study's seed and on n alone, so that a study with this sampler and no pruner
gives the same result with any number of workers.
"""

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
