"""The board of a phase: order, failed and pruned seeds, the best baseline, and what it says about itself."""

from __future__ import annotations

import dataclasses

import pytest

from archsearch.board import Quartiles, latest_phase, t_interval, wilson_interval
from tests.board.samples import board, entry, run
from tests.schema.scores import BUDGET, score


def test_rows_are_ranked_by_their_mean_objective() -> None:
    made = board(
        entry("a", [0.5, 0.6]), entry("lstm", [0.9, 0.8], "baseline"), entry("b", [0.7, 0.7]), entry("none", [])
    )
    assert [(row.rank, row.spec_id) for row in made.rows] == [
        (1, "spec lstm"),
        (2, "spec b"),
        (3, "spec a"),
        (4, "spec none"),
    ]
    assert [row.objective for row in made.rows] == pytest.approx([0.85, 0.7, 0.55, None])
    assert made.rows[2].interval == t_interval([0.5, 0.6])
    assert (made.study, made.phase, made.seeds, made.baseline) == ("quick", "report", 2, "lstm")


def test_of_equals_the_smaller_comes_first() -> None:
    made = board(entry("a", [0.5], parameters=200), entry("b", [0.5], parameters=100))
    assert [row.parameters for row in made.rows] == [100, 200]


def test_the_order_of_the_results_does_not_count() -> None:
    results = [entry("a", [0.5]), entry("b", [0.5]), entry("lstm", [0.5], "baseline"), entry("c", [0.6])]
    assert board(*results) == board(*reversed(results))


def test_a_failed_seed_counts_as_the_blind_guess() -> None:
    row = board(entry("a", [0.9, 0.5, 0.5, 0.9], failed=[1], sequences_to_solve=64, test=0.7), trivial=0.1).rows[0]
    assert (row.seeds, row.failed, row.solved) == (4, 1, 3)
    assert row.objective == pytest.approx((0.9 + 0.1 + 0.5 + 0.9) / 4)
    assert row.test == pytest.approx((3 * 0.7 + 0.1) / 4)
    assert row.solved_interval == wilson_interval(3, 4)
    assert row.sequences == Quartiles(64, 64, None, BUDGET)


def test_an_entry_of_failures_alone_has_the_blind_guess_and_nothing_else() -> None:
    row = board(entry("a", [0, 0, 0], failed=[0, 1, 2]), trivial=0.25).rows[0]
    assert (row.objective, row.seeds, row.failed, row.solved) == (0.25, 3, 3, 0)
    assert (row.test, row.parameters, row.seconds) == (None, None, None)
    assert row.sequences == Quartiles(None, None, None, None)


def test_a_pruned_seed_is_no_score_and_ranks_below_scores() -> None:
    made = board(entry("a", [0.9, 0.9], pruned=[1]), entry("b", [0.5, 0.5]), entry("c", [0.9], pruned=[0]))
    assert [(row.spec_id, row.seeds, row.pruned) for row in made.rows] == [
        ("spec b", 2, 0),
        ("spec a", 1, 1),
        ("spec c", 0, 1),
    ]
    assert made.rows[2].objective is None


def test_a_test_mean_needs_every_seeds_test_score() -> None:
    runs = (run("spec a", 0, score(0.5, test=0.5)), run("spec a", 1, score(0.5)))
    result = dataclasses.replace(entry("a", []), runs=runs)
    assert board(result).rows[0].test is None


def test_candidates_are_compared_to_the_best_baseline_and_corrected_for_their_number() -> None:
    made = board(
        entry("a", [0.8, 0.9, 0.8]),
        entry("b", [0.3, 0.3, 0.2]),
        entry("unmeasured", []),
        entry("lstm", [0.5, 0.4, 0.6], "baseline"),
        entry("gru", [0.6, 0.7, 0.6], "baseline"),
    )
    rows = {row.spec_id: row for row in made.rows}
    best = rows["spec a"].comparison
    assert best is not None
    assert (best.baseline, best.comparisons, best.pairs) == ("gru", 2, 3)
    assert best.difference == pytest.approx(0.2)
    assert rows["spec a"].ratio == pytest.approx(2.5 / 1.9)
    assert rows["spec lstm"].comparison is None
    assert rows["spec lstm"].ratio == pytest.approx(1.5 / 1.9)
    assert rows["spec gru"].ratio == 1
    assert rows["spec unmeasured"].comparison is None


def test_without_a_baseline_nothing_is_compared() -> None:
    made = board(entry("a", [0.8, 0.9]))
    assert (made.baseline, made.rows[0].ratio, made.rows[0].comparison) == ("", None, None)


def test_an_empty_phase_has_an_empty_board() -> None:
    assert board().rows == ()


def test_the_latest_phase_with_a_run_is_shown() -> None:
    assert latest_phase({}) == "search"
    assert latest_phase({"search": 1}) == "search"
    assert latest_phase({"search": 1, "confirm": 2, "report": 0}) == "confirm"
    assert latest_phase({"report": 3, "search": 1}) == "report"


def test_a_search_board_says_that_it_is_no_result() -> None:
    searched = board(entry("a", [0.5]), entry("b", [0.6]), entry("lstm", [0.4], "baseline"), phase="search")
    assert searched.note.startswith("search scores, no result: 2 candidates with 1 seed each")
    assert "chosen" in board(entry("a", [0.5, 0.5]), phase="confirm").note
    assert board(entry("a", [0.5, 0.5])).note == ""


def test_scores_that_are_all_0_are_explained() -> None:
    """As on targets of the mean 3e5 and the spread 1e4 that are not standardised."""
    told = board(entry("a", [0.0, 0.0]), entry("b", [0.0, 0.0], "baseline"), entry("c", [])).note
    assert told.startswith("every score is 0: no cell predicts better than a constant")
    assert "standardise: [targets]" in told
    assert "; every score is 0" in board(entry("a", [0.0]), phase="search").note
    for learnt in (
        [entry("a", [0.0, 0.1])],
        [entry("a", [0.2]), entry("b", [0.0])],
        [entry("a", [0.0], failed=[0])],
        [],
    ):
        assert board(*learnt).note == ""
