"""Comparisons: by hand, at the edges, and how often a false winner appears."""

from __future__ import annotations

import math

import numpy as np
import pytest

from archsearch.board.compare import Comparison, compare


def by_seed(*values: float) -> dict[int, float]:
    """Values as scores of the seeds 0, 1, ..."""
    return dict(enumerate(values))


def found(candidate: dict[int, float], baseline: dict[int, float], comparisons: int = 1) -> Comparison:
    """The comparison, which is there."""
    result = compare(candidate, baseline, label="lstm", comparisons=comparisons)
    assert result is not None
    return result


def test_a_comparison_worked_out_by_hand() -> None:
    result = found(by_seed(0.5, 0.7, 0.9), by_seed(0.4, 0.5, 0.6))
    half = 4.3027 * 0.1 / math.sqrt(3)
    assert result.interval is not None
    assert (result.difference, result.ratio) == pytest.approx((0.2, 1.4))
    assert (result.interval.low, result.interval.high) == pytest.approx((0.2 - half, 0.2 + half), abs=1e-5)
    assert (result.outcome, result.pairs, result.baseline, result.confidence) == ("undecided", 3, "lstm", 0.95)


def test_pairing_finds_what_means_alone_would_not() -> None:
    baseline = by_seed(0.1, 0.9, 0.3, 0.7, 0.5)
    candidate = {seed: value + (0.04, 0.05, 0.06, 0.05, 0.04)[seed] for seed, value in baseline.items()}
    assert found(candidate, baseline).outcome == "better"
    assert found(baseline, candidate).outcome == "worse"
    shuffled = dict(zip(candidate, reversed(candidate.values()), strict=True)) | {0: 0.95, 1: 0.14}
    assert found(shuffled, baseline).outcome == "undecided"


def test_pairs_are_made_by_seed_not_by_order_and_lonely_seeds_are_dropped() -> None:
    baseline = {2: 0.6, 0: 0.4, 1: 0.5, 7: 0.0}
    candidate = {0: 0.45, 1: 0.56, 2: 0.66, 9: 1.0}
    result = found(candidate, baseline)
    assert result.pairs == 3
    assert result.difference == pytest.approx((0.05 + 0.06 + 0.06) / 3)
    assert compare({0: 0.5}, {1: 0.5}, label="lstm") is None


def test_two_seeds_decide_nothing() -> None:
    for size in (1, 2):
        values = [0.9, 0.9001][:size]
        assert found(by_seed(*values), by_seed(*[0.1] * size)).outcome == "too few seeds"


def test_equal_scores_are_undecided() -> None:
    for size in (3, 50):
        result = found(by_seed(*[0.7] * size), by_seed(*[0.7] * size))
        assert (result.outcome, result.difference) == ("undecided", 0)


def test_differences_without_spread_are_judged_by_their_sign() -> None:
    """An interval of width 0 is no proof: five equal signs happen by chance in 1 of 16 cases."""
    for size, outcome in ((5, "too few seeds"), (6, "better")):
        assert found(by_seed(*[1.0] * size), by_seed(*[0.5] * size)).outcome == outcome
    assert found(by_seed(*[0.5] * 6), by_seed(*[1.0] * 6)).outcome == "worse"
    assert found(by_seed(*[1.0] * 6), by_seed(*[0.5] * 6), comparisons=20).outcome == "too few seeds"


def test_a_baseline_of_0_has_no_ratio() -> None:
    assert found(by_seed(0.5, 0.6, 0.7), by_seed(0, 0, 0)).ratio is None


def test_more_comparisons_widen_the_interval() -> None:
    candidate, baseline = by_seed(0.55, 0.68, 0.75, 0.66), by_seed(0.5, 0.6, 0.7, 0.6)
    one, many = found(candidate, baseline), found(candidate, baseline, comparisons=20)
    assert (one.outcome, many.outcome) == ("better", "undecided")
    assert many.confidence == pytest.approx(1 - 0.05 / 20)
    with pytest.raises(ValueError, match="compared"):
        compare(candidate, baseline, label="lstm", comparisons=0)


def false_winners(comparisons: int, shared: float, studies: int = 300, candidates: int = 20, seeds: int = 6) -> float:
    """The share of studies in which one of some equal candidates beats an equal baseline.

    `shared` is the part of a score's deviation that belongs to its seed.
    """
    generator = np.random.default_rng(comparisons)
    wins = 0
    for _ in range(studies):
        common = generator.normal(0, shared, seeds)
        scores = (0.5 + common + generator.normal(0, 0.1, (candidates + 1, seeds))).tolist()
        baseline = by_seed(*scores[0])
        outcomes = [found(by_seed(*each), baseline, comparisons).outcome for each in scores[1:]]
        wins += "better" in outcomes
    return wins / studies


@pytest.mark.parametrize("shared", [0.0, 0.2])
def test_equal_candidates_win_in_at_most_5_percent_of_studies(shared: float) -> None:
    assert false_winners(comparisons=20, shared=shared) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 300)


def test_the_simulation_notices_a_missing_correction() -> None:
    assert false_winners(comparisons=1, shared=0.0) > 0.15
