"""Numbers in words."""

from __future__ import annotations

import pytest

from archsearch.spelling import compact, counted, duration, signal_name


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"), (7, "7"), (950, "950"), (999, "999"), (999.6, "1k"), (1000, "1k"), (5120, "5.1k"), (6400, "6.4k"),
        (12_800, "12.8k"), (99_940, "99.9k"), (99_960, "100k"), (128_000, "128k"), (999_600, "1M"),
        (1_234_567, "1.2M"), (3.4e9, "3.4G"), (10**30, "1e+30"), (-6400, "-6.4k"),
    ],
)  # fmt: skip
def test_numbers_are_short(number: float, text: str) -> None:
    assert compact(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"), (0.4, "0.4 s"), (0.123, "0.12 s"), (0.996, "1 s"),
        (59.4, "59 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"),
        (7500, "2 h 5 min"), (86_400, "1 d"), (100_000, "1 d 3 h"), (-5, "0 s"),
    ],
)  # fmt: skip
def test_durations_have_two_units_at_most(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_agree_with_their_noun() -> None:
    assert [counted(1, "gate"), counted(4, "gate"), counted(1188, "weight")] == ["1 gate", "4 gates", "1,188 weights"]


@pytest.mark.parametrize(("number", "text"), [(9, "SIGKILL"), (11, "SIGSEGV"), (35, "signal 35"), (99, "signal 99")])
def test_signals_have_their_names(number: int, text: str) -> None:
    assert signal_name(number) == text
