"""Which holes matter: PED-ANOVA (Watanabe et al. 2023) over the complete trials of a search."""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING

from archsearch.errors import Refused, quoted

if TYPE_CHECKING:
    from archsearch.store import TrialRow
    from archsearch.store.store import Store
    from archsearch.study.definition import Definition

LEAST_TRIALS = 10
"""Complete trials below which importance would say nothing."""

_TOP_SHARE, _TOP_TRIALS = 0.1, 5  # of the complete trials, what is compared with all of them: a share, at least so many


@dataclasses.dataclass(frozen=True)
class HoleShare:
    """How far the best trials differ from all trials in what they answer for one hole; shares sum to 1."""

    hole: str
    share: float


def importance(definition: Definition, store: Store) -> tuple[HoleShare, ...]:
    """The holes of a stored study, the most important first, equal ones by name.

    A proposal that repeats an earlier spec by other choices counts like any other trial, as in the table of trials and
    in Optuna's copy of it: that these choices make no difference is what it tells. Raises `Refused` when there are too
    few complete trials, or when all have one value.
    """
    import optuna

    from archsearch.study.optuna_trials import Distributions, quieten, to_optuna

    quieten()
    rows = _complete_trials(definition.name, store)
    distributions = Distributions(definition.candidates)
    study = optuna.create_study(direction="maximize")
    for row in rows:
        study.add_trial(to_optuna(row, distributions.of(row.choices), ()))
    top = min(0.5, max(_TOP_SHARE, _TOP_TRIALS / len(rows)))
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=top)
    holes = sorted({hole for row in rows for hole in row.choices})  # Optuna's own order is that of a set
    with warnings.catch_warnings():
        # A hole with so few answers gets a small share: nothing that a user could do about it.
        warnings.filterwarnings("ignore", "Some regimes for parameter")
        found = optuna.importance.get_param_importances(study, evaluator=evaluator, params=holes, normalize=True)
    return tuple(HoleShare(hole, share) for hole, share in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _complete_trials(name: str, store: Store) -> list[TrialRow]:
    study = store.find_study(name)
    if study is None:
        raise Refused(f"no study is called {quoted(name)} in {store.url}")
    rows = list(store.trials(study.id, "complete"))
    if len(rows) < LEAST_TRIALS:
        raise Refused(f"importance needs {LEAST_TRIALS} complete trials, study {quoted(name)} has {len(rows)}")
    if len({row.value for row in rows}) == 1:
        raise Refused(f"all complete trials of study {quoted(name)} have one and the same value: no hole matters")
    return rows
