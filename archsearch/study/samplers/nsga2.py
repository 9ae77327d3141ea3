"""NSGA-II (Deb et al. 2002) with one objective: a genetic algorithm that crosses the best twenty trials so far.

Holes that every trial was asked are inherited, others are drawn at random. Generations follow from the complete trials
alone, twenty by number, so that they outlive the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna

POPULATION = 20
"""Complete trials of one generation; Optuna's default of 50 would leave most studies in their first one."""


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's NSGA-II, with generations that need no memory besides the trials."""
    import optuna

    class StatelessNSGAII(optuna.samplers.NSGAIISampler):
        def get_trial_generation(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> int:
            return len(_complete(study)) // POPULATION

        def get_population(self, study: optuna.Study, generation: int) -> list[optuna.trial.FrozenTrial]:
            return _complete(study)[generation * POPULATION : (generation + 1) * POPULATION]

    return StatelessNSGAII(
        population_size=POPULATION,
        mutation_prob=None,
        crossover=optuna.samplers.nsgaii.UniformCrossover(swapping_prob=0.5),
        crossover_prob=0.9,
        swapping_prob=0.5,
        seed=proposal_seed(seed, number),
    )


def _complete(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    import optuna

    return study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))


SAMPLER = make_sampler
