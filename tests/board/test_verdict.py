"""The verdict: every sentence it can say."""

from __future__ import annotations

import pytest

from archsearch.board import Board, verdict
from tests.board.samples import board, entry

LSTM = entry("lstm", [0.50, 0.55, 0.45, 0.50], "baseline")
GOOD = entry("good", [0.70, 0.76, 0.64, 0.70])
CLOSE = entry("close", [0.51, 0.50, 0.49, 0.52])
BAD = entry("bad", [0.30, 0.36, 0.24, 0.30])


def test_a_winner_is_named_with_difference_and_interval() -> None:
    assert verdict(board(GOOD, LSTM)) == (
        "winner: line good: objective 0.7, +0.2 over the best baseline lstm (95 % interval +0.187 to +0.213, 4 seeds)"
    )


def test_a_winner_among_several_is_corrected_for_their_number() -> None:
    said = verdict(board(GOOD, CLOSE, BAD, LSTM))
    assert said.startswith("winner: line good:")
    assert said.endswith("4 seeds, corrected for 3 candidates)")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (board(CLOSE, LSTM), "no winner: the difference +0.005 of line close to the best baseline lstm may be chance"),
        (board(BAD, LSTM), "no winner: the best baseline lstm is better than line bad by 0.2 (95 % interval -0.213"),
        (
            board(entry("a", [0.9, 0.9]), entry("gru", [0.1, 0.2], "baseline")),
            "no winner: too few seeds to tell line a from the best baseline gru (95 %",
        ),
        (
            board(entry("a", [0.9]), entry("gru", [0.1], "baseline")),
            "no winner: too few seeds to tell line a from the best baseline gru (no interval, 1 seed)",
        ),
        (board(GOOD), "no winner: the study has no baselines to compare with"),
        (board(LSTM), "no winner yet: no candidate has a result in the report phase"),
        (board(), "no winner yet: the report phase, which decides, has no results"),
        (board(GOOD, LSTM, phase="confirm"), "no winner yet: the report phase, which decides, has no results"),
        (board(GOOD, LSTM, phase="search"), "no winner yet: the report phase, which decides, has no results"),
        (board(GOOD, LSTM, seeds=8), "no winner yet: line good has 4 of 8 seeds of the report phase"),
        (
            board(GOOD, entry("lstm", [0.5, 0.55, 0.45], "baseline")),
            "no winner yet: lstm has 3 of 4 seeds of the report phase",
        ),
    ],
)
def test_no_winner_has_a_reason(made: Board, said: str) -> None:
    assert verdict(made).startswith(said)


def test_the_best_candidate_that_is_better_wins_even_below_one_that_varies() -> None:
    wild = entry("wild", [1.0, 0.4, 1.0, 0.6])
    assert verdict(board(wild, GOOD, LSTM)).startswith("winner: line good:")


def test_a_candidate_equal_to_the_baseline_wins_nothing() -> None:
    twin = entry("twin", [0.50, 0.55, 0.45, 0.50])
    assert "may be chance" in verdict(board(twin, LSTM))


def test_failures_count_against_a_candidate() -> None:
    crashing = entry("good", [0.70, 0.76, 0.64, 0.70], failed=[1])
    assert verdict(board(crashing, LSTM)).startswith("no winner: the difference")


def test_a_hostile_line_is_printable() -> None:
    said = verdict(board(entry("\x1b[31m\u202e\n", [0.70, 0.76, 0.64, 0.70]), LSTM))
    assert said.isprintable()
