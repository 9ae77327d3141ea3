"""NSGA-II (Deb et al. 2002) with one objective: a genetic algorithm that crosses the best twenty trials so far.

A generation is twenty proposals. Its parents are the best of the complete trials before it, among the last 500 trials;
of equal choices only one is a parent, or repeats of the best one would soon be all of them.
Holes that all parents were asked are inherited, others are drawn at random. All of it follows from the trials alone,
so that generations outlive the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archsearch.study.recent import last_trials
from archsearch.study.seeds import proposal_seed

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

POPULATION = 20
"""Trials of one generation; Optuna's default of 50 would leave most studies in their first one."""


def make_sampler(seed: int, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's NSGA-II, with generations that need no memory besides the trials."""
    import optuna

    class StatelessNSGAII(optuna.samplers.NSGAIISampler):
        def infer_relative_search_space(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial
        ) -> dict[str, BaseDistribution]:
            first, *others = self.get_parent_population(study, self.get_trial_generation(study, trial)) or [trial]
            return {
                name: distribution
                for name, distribution in sorted(first.distributions.items())  # a stored trial may have another order
                if not distribution.single() and all(name in parent.distributions for parent in others)
            }

        def get_trial_generation(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> int:
            return trial.number // POPULATION

        def get_parent_population(self, study: optuna.Study, generation: int) -> list[optuna.trial.FrozenTrial]:
            if generation not in parents:  # asked twice for each proposal
                parents[generation] = _best(study, generation * POPULATION)
            return parents[generation]

    parents: dict[int, list[optuna.trial.FrozenTrial]] = {}
    return StatelessNSGAII(
        population_size=POPULATION,
        mutation_prob=None,
        crossover=optuna.samplers.nsgaii.UniformCrossover(swapping_prob=0.5),
        crossover_prob=0.9,
        swapping_prob=0.5,
        seed=proposal_seed(seed, number),
    )


def _best(study: optuna.Study, before: int) -> list[optuna.trial.FrozenTrial]:
    """The best distinct complete trials with a lower number, of equals the earlier one; none unless there are two."""
    import optuna

    complete = last_trials(study, (optuna.trial.TrialState.COMPLETE,))
    earlier = [trial for trial in complete if trial.number < before]
    earlier.sort(key=lambda trial: -(trial.value or 0.0))
    distinct: dict[frozenset[tuple[str, Any]], optuna.trial.FrozenTrial] = {}
    for trial in earlier:
        distinct.setdefault(frozenset(trial.params.items()), trial)
        if len(distinct) == POPULATION:
            break
    return list(distinct.values()) if len(distinct) > 1 else []


SAMPLER = make_sampler
