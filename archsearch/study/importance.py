"""Which holes matter: PED-ANOVA (Watanabe et al. 2023) over the complete trials of a search."""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING

from archsearch.errors import Refused, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.store import StudyRow, TrialRow
    from archsearch.store.store import Store

LEAST_TRIALS = 10
"""Complete trials below which importance would say nothing."""

_TOP_SHARE, _TOP_TRIALS = 0.1, 5  # of the complete trials: these are compared with all


@dataclasses.dataclass(frozen=True)
class HoleShare:
    """How far the best trials differ from all trials in what they answer for one hole; shares sum to 1."""

    hole: str
    share: float


@dataclasses.dataclass(frozen=True)
class Importance:
    """The holes of a study, the most important first, equal ones by name."""

    study: str
    importance: tuple[HoleShare, ...]


def importance_of(store: Store, row: StudyRow, tasks_from: Path | None = None) -> Importance:
    """The importance of a study's holes.

    A proposal that repeats an earlier spec by other choices weighs like any other trial, as in Optuna's copy of the
    study: that these choices make no difference is what it tells. Raises `Refused` when there are too few complete
    trials, of which repeats are none, or when all have one value.
    """
    trials = _complete_trials(store, row)
    import optuna

    from archsearch.study.definition import read_definition
    from archsearch.study.optuna_trials import Distributions, quieten, to_optuna

    quieten()
    distributions = Distributions(read_definition(row.definition, tasks_from).candidates)
    study = optuna.create_study(direction="maximize")
    for trial in trials:
        study.add_trial(to_optuna(trial, distributions.of(trial.choices), ()))
    top = min(0.5, max(_TOP_SHARE, _TOP_TRIALS / len(trials)))
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=top)
    holes = sorted({hole for trial in trials for hole in trial.choices})  # Optuna's own order is that of a set
    with warnings.catch_warnings():
        # A hole with so few answers gets a small share: nothing that a user could do about it.
        warnings.filterwarnings("ignore", "Some regimes for parameter")
        importances = optuna.importance.get_param_importances(study, evaluator=evaluator, params=holes, normalize=True)
    shares = sorted(importances.items(), key=lambda item: (-item[1], item[0]))
    return Importance(row.name, tuple(HoleShare(hole, share) for hole, share in shares))


def _complete_trials(store: Store, row: StudyRow) -> tuple[TrialRow, ...]:
    trials = store.trials(row.id, "complete")
    complete = sum(trial.repeat_of is None for trial in trials)
    if complete < LEAST_TRIALS:
        raise Refused(f"importance needs {LEAST_TRIALS} complete trials, study {quoted(row.name)} has {complete}")
    if len({trial.value for trial in trials}) == 1:
        raise Refused(f"all complete trials of study {quoted(row.name)} have the same value: no hole matters")
    return trials
