"""The laws of every pruner: it decides from the reports of the study's trials, and keeps nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import optuna
import pytest

from archsearch import registry
from archsearch.study import recent
from archsearch.study.pruners import PACKAGE, Pruner
from archsearch.study.pruners.successive_halving import is_rung

CHECKS = 20


@pytest.fixture(params=registry.names(PACKAGE))
def make(request: pytest.FixtureRequest) -> Pruner:
    found: Pruner = registry.load(PACKAGE, request.param)
    return found


def study_with(curves: Sequence[Sequence[float]]) -> optuna.Study:
    """Complete trials with these reports."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    for curve in curves:
        study.add_trial(optuna.create_trial(value=curve[-1], intermediate_values=dict(enumerate(curve, start=1))))
    return study


def pruned_at(make: Pruner, study: optuna.Study, curve: Sequence[float], *, fresh: bool = False) -> int | None:
    """The check at which a new trial with these reports is given up."""
    study.pruner = make()
    trial = study.ask()
    for check, value in enumerate(curve, start=1):
        trial.report(value, check)
        study.pruner = make() if fresh else study.pruner
        if trial.should_prune():
            return check
    return None


GOOD = [[0.3 + 0.02 * check + 0.01 * trial for check in range(CHECKS)] for trial in range(12)]
BAD = [0.1] * CHECKS
BEST = [0.9] * CHECKS


def test_the_best_trial_is_never_given_up(make: Pruner) -> None:
    assert pruned_at(make, study_with(GOOD), BEST) is None


def test_a_first_trial_is_never_given_up(make: Pruner) -> None:
    assert pruned_at(make, study_with([]), BAD) is None


def test_a_trial_without_reports_is_not_given_up(make: Pruner) -> None:
    study = study_with(GOOD)
    study.pruner = make()
    assert not study.ask().should_prune()


def test_nothing_is_remembered_between_decisions(make: Pruner) -> None:
    for curve in (BAD, BEST, GOOD[3], GOOD[9]):
        assert pruned_at(make, study_with(GOOD), curve) == pruned_at(make, study_with(GOOD), curve, fresh=True)


@pytest.mark.parametrize(("name", "check"), [("none", None), ("median", 3), ("successive_halving", 1)])
def test_a_poor_trial_is_given_up_at_the_first_decision(name: str, check: int | None) -> None:
    assert pruned_at(registry.load(PACKAGE, name), study_with(GOOD), BAD) == check


def test_the_median_rule_is_optunas() -> None:
    """Over 60 drawn studies with curves of different lengths."""
    chance, decisions = random.Random(3), Counter[int | None]()
    oracle = optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=3, interval_steps=1, n_min_trials=5)
    for _ in range(60):
        drawn = [[chance.random() for _ in range(chance.randint(1, 8))] for _ in range(chance.randint(0, 15))]
        curve = [chance.random() * 0.7 for _ in range(8)]
        decision = pruned_at(registry.load(PACKAGE, "median"), study_with(drawn), curve)
        assert decision == pruned_at(lambda: oracle, study_with(drawn), curve)
        decisions[decision] += 1
    assert decisions[None] > 3
    assert len(decisions) > 3


@pytest.mark.parametrize("name", ["median", "successive_halving"])
def test_trials_before_the_last_ones_decide_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "LAST", len(GOOD) + 1)
    make: Pruner = registry.load(PACKAGE, name)
    curve = [value + 0.001 for value in GOOD[8]]
    assert pruned_at(make, study_with([*[BEST] * 20, *GOOD]), curve) is None
    assert pruned_at(make, study_with([*GOOD, *[BEST] * 12]), curve) is not None


def test_the_median_waits_for_five_complete_trials() -> None:
    make: Pruner = registry.load(PACKAGE, "median")
    assert pruned_at(make, study_with(GOOD[:4]), BAD) is None
    assert pruned_at(make, study_with(GOOD[:5]), BAD) == 3


def test_the_median_lets_the_better_half_go_on() -> None:
    make: Pruner = registry.load(PACKAGE, "median")
    assert pruned_at(make, study_with(GOOD), [value + 0.001 for value in GOOD[6]]) is None
    assert pruned_at(make, study_with(GOOD), GOOD[2]) == 3


def test_successive_halving_lets_a_third_go_on_at_checks_1_3_9() -> None:
    make: Pruner = registry.load(PACKAGE, "successive_halving")
    assert [check for check in range(1, 30) if is_rung(check)] == [1, 3, 9, 27]
    # Of twelve and the new one, thirteen in all, four go on: the new one among them, or not.
    assert pruned_at(make, study_with(GOOD), [value + 0.001 for value in GOOD[8]]) is None
    assert pruned_at(make, study_with(GOOD), [value + 0.001 for value in GOOD[7]]) == 1
    late = [*GOOD[11][:5], *BAD[5:]]
    assert pruned_at(make, study_with(GOOD), late) == 9
