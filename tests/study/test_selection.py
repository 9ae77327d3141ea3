"""Who goes on to the next phase."""

from __future__ import annotations

from archsearch.schema.score import Failure
from archsearch.schema.states import TrialState
from archsearch.store import EntryRow, TrialRow
from archsearch.study.outcomes import Outcome, failed, mean_value
from archsearch.study.selection import first_of_each, rank_entries, rank_trials


def trial(number: int, value: float | None, state: TrialState = "complete", repeat_of: int | None = None) -> TrialRow:
    return TrialRow(number, {}, f"s{number}", f"a{number}", "", state, value, repeat_of, "", "", None)


def entry(name: str) -> EntryRow:
    return EntryRow("confirm", "candidate", "", name, None, f"arch of {name}", "")


def scores(*values: float | None) -> list[Outcome]:
    failure = Failure(kind="nan", reason="")
    return [failed(failure) if value is None else Outcome("complete", value) for value in values]


def test_trials_rank_by_value_and_equals_by_number() -> None:
    assert rank_trials([trial(0, 0.2), trial(1, 0.9), trial(2, 0.2), trial(3, 0.5)]) == ["s1", "s3", "s0", "s2"]


def test_pruned_trials_come_behind_all_complete_ones_and_failed_ones_not_at_all() -> None:
    rows = [trial(0, 0.99, "pruned"), trial(1, 0.1), trial(2, None, "failed"), trial(3, None, "pruned")]
    assert rank_trials(rows) == ["s1", "s0", "s3"]


def test_repeats_and_running_trials_are_no_candidates() -> None:
    assert rank_trials([trial(0, 0.1), trial(1, 0.9, repeat_of=0), trial(2, None, "running")]) == ["s0"]


def test_entries_rank_by_mean_and_equals_by_their_earlier_place() -> None:
    outcomes = {"a": scores(0.4, 0.6), "b": scores(0.9, 0.3), "c": scores(0.5, 0.5)}
    assert rank_entries([entry("a"), entry("c"), entry("b")], outcomes, 2, 0.25) == ["b", "a", "c"]


def test_a_failed_seed_counts_as_the_blind_guess() -> None:
    assert mean_value(scores(0.75, None), 0.25) == 0.5
    outcomes = {"a": scores(0.8, None), "b": scores(0.5, 0.5)}
    assert rank_entries([entry("a"), entry("b")], outcomes, 2, 0.25) == ["a", "b"]
    assert rank_entries([entry("a"), entry("b")], outcomes, 2, 0.1) == ["b", "a"]


def test_an_entry_without_all_seeds_or_without_any_score_cannot_win() -> None:
    outcomes = {"a": scores(0.9), "b": scores(None, None), "c": scores(0.1, 0.1)}
    assert rank_entries([entry("a"), entry("b"), entry("c")], outcomes, 2, 0.25) == ["c"]


def test_one_spec_of_each_architecture_is_chosen() -> None:
    arch_of = {"a": "x", "b": "x", "c": "y", "d": "z"}
    assert first_of_each(["a", "b", "c", "d"], arch_of, 2) == ["a", "c"]
    assert first_of_each(["a", "b"], arch_of, 5) == ["a"]
    assert first_of_each([], arch_of, 5) == []
