"""The summary says what the intervals allow, and nothing more."""

from __future__ import annotations

import pytest

from benchmarks.variants.results import Found
from benchmarks.variants.summary import legend, listed, sentences, summary_table
from tests.benchmarks.variants.samples import TRIVIAL, around, found, task_board
from tests.board.samples import entry

SOLVED = 3200


def text(what: Found) -> str:
    return " ".join(sentences(what))


def cell_text(what: Found, cell: str, column: int = 1) -> str:
    return next(row[column] for row in summary_table(what).rows if row[0].split(" ")[0] == cell)


def test_without_a_difference_no_cell_is_called_better_or_worse() -> None:
    equal = found({"a": {"lstm": around(0.5), "gru": around(0.5, 1), "rnn": around(0.5, 3)}}, sequences_to_solve=SOLVED)
    assert "No cell differs from lstm on any task by more than may be chance." in text(equal)
    assert "2 of 2 comparisons are undecided:" in text(equal)
    assert "exclude one of 0.1 or more in 2 of them" in text(equal)
    assert not set("▲▼") & set("".join(map("".join, summary_table(equal).rows)))


def test_a_wide_interval_excludes_no_difference() -> None:
    wide = found({"a": {"lstm": [0.1, 0.9, 0.2, 0.8], "gru": [0.8, 0.2, 0.9, 0.1]}}, sequences_to_solve=SOLVED)
    assert "exclude one of 0.1 or more in none of them; the widest interval reaches 1." in text(wide)


def test_one_better_cell_is_named_with_its_task() -> None:
    tasks = {
        "a": {"lstm": around(0.5), "gru": around(0.9, 1), "rnn": around(0.5, 3)},
        "b": {"lstm": around(0.7), "gru": around(0.7, 1), "rnn": around(0.7, 3)},
    }
    said = text(found(tasks, sequences_to_solve=SOLVED))
    assert "Better than lstm: gru on a. Worse: none." in said
    assert "3 of 4 comparisons are undecided (rnn on every task)" in said
    assert cell_text(found(tasks), "gru").endswith(" ▲")
    assert "▲" not in cell_text(found(tasks), "gru", 2)


def test_cells_with_the_same_tasks_are_named_together() -> None:
    cells = {"lstm": around(0.5), "gru": around(0.9, 1), "mgu": around(0.8, 2), "rnn": around(0.2, 3)}
    said = text(found({"a": cells, "b": cells}, sequences_to_solve=SOLVED))
    assert "Better than lstm: gru and mgu on every task. Worse: rnn on every task." in said
    assert "Every one of the 6 comparisons is decided." in said


def test_where_all_fail_nobody_solves_and_nothing_differs() -> None:
    failed = {cell: entry(cell, [0.9] * 8, failed=range(8)) for cell in ("lstm", "gru", "rnn")}
    what = Found("lstm", (task_board("a", failed, 2), task_board("b", failed, 2)))
    said = text(what)
    assert "No cell solves a or b within the budget on any seed." in said
    assert "No cell differs from lstm" in said
    assert cell_text(what, "gru").strip("*").startswith(f"{TRIVIAL:.2f}")
    assert cell_text(what, "gru").endswith("0/8")


def test_a_task_that_somebody_solves_is_not_called_unsolved() -> None:
    solved = entry("gru", around(0.5), "baseline", sequences_to_solve=SOLVED)
    board = task_board("a", {"lstm": entry("lstm", around(0.5, 1)), "gru": solved}, 1)
    assert "No cell solves" not in text(Found("lstm", (board,)))


def test_a_difference_can_be_lost_to_the_correction() -> None:
    cells = {"lstm": entry("lstm", around(0.5)), "gru": entry("gru", around(0.55, 3), "baseline")}
    alone, among_many = (Found("lstm", (task_board("a", cells, count),)) for count in (1, 1000))
    assert "Better than lstm: gru on a." in text(alone)
    assert "No cell differs" in text(among_many)


def test_two_seeds_decide_nothing() -> None:
    said = text(found({"a": {"lstm": [0.1, 0.11], "gru": [0.9, 0.91]}}))
    assert "No cell differs" in said
    assert "1 of 1 comparisons are undecided" in said


def test_the_highest_mean_is_bold_and_said_not_to_be_proof() -> None:
    what = found({"a": {"lstm": around(0.5), "gru": around(0.51, 1)}, "b": {"lstm": around(0.6), "gru": around(0.5)}})
    assert cell_text(what, "gru") == "**0.51** ± 0.02, 0/8"
    assert cell_text(what, "lstm") == "0.50 ± 0.02, 0/8"
    assert "The highest mean is that of gru on a; lstm on b; that says who leads, not" in text(what)


def test_cells_stand_in_the_order_of_their_mean_rank_and_the_reference_is_marked() -> None:
    tasks = {
        "a": {"rnn": around(0.2), "lstm": around(0.5), "gru": around(0.9)},
        "b": {"rnn": around(0.3), "lstm": around(0.8), "gru": around(0.4)},
        "c": {"rnn": around(0.3), "lstm": around(0.6), "gru": around(0.7)},
    }
    what = found(tasks)
    assert [row[0] for row in summary_table(what).rows] == ["gru", "lstm (reference)", "rnn"]
    assert what.mean_rank("gru") == pytest.approx(4 / 3)


def test_the_legend_counts_seeds_and_comparisons() -> None:
    said = legend(found({label: {"lstm": around(0.5), "gru": around(0.5)} for label in "abc"}))
    assert "over 8 fresh seeds" in said
    assert "corrected for 3 comparisons" in said


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_words_are_listed(words: list[str], text: str) -> None:
    assert listed(words) == text
