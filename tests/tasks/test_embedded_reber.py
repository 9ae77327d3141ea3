"""Embedded Reber strings against a regular expression and against counting all strings of the grammar."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from archsearch.tasks import Batch
from archsearch.tasks.embedded_reber import SYMBOLS, TASK, EmbeddedReber

# The grammar solved by hand: after the X of the upper arm, and after the P of the lower one.
_UPPER = "(?:XT*VP)*(?:S|XT*VV)E"
REBER = re.compile(f"B(?:TS*X{_UPPER}|PT*V(?:VE|P{_UPPER}))")
EMBEDDED = re.compile(f"B([TP])({REBER.pattern})\\1E")

# The examples of a course page on Reber grammars.
LEGAL = ("BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE", "BTXSE")
ILLEGAL = ("BTSSPXSE", "BPTVVB", "BTXXVVSE", "BPVSPSE", "BTSSSE", "BTXE")


def draw(task: EmbeddedReber, count: int = 2000) -> Batch:
    return task.batch(9, "training", count)


def strings(batch: Batch) -> list[str]:
    """The strings, put together from the inputs and the last target; targets must be the inputs that follow."""
    found = []
    for column in range(batch.mask.shape[1]):
        length = batch.mask[:, column].tolist().count(True)
        assert batch.mask[:length, column].all()
        rows = batch.inputs[:length, column].tolist()
        assert all(sum(row) == max(row) == 1.0 for row in rows)
        read = "".join(SYMBOLS[row.index(1.0)] for row in rows)
        asked = "".join(SYMBOLS[label] for label in batch.targets[:length, column])
        assert asked[:-1] == read[1:]
        found.append(read + asked[-1])
    return found


def one_hot(symbols: NDArray[Any]) -> NDArray[np.float32]:
    rows: NDArray[np.float32] = np.eye(7, dtype=np.float32)[symbols]
    return rows


def test_the_regular_expression_knows_reber_strings() -> None:
    assert all(REBER.fullmatch(text) for text in LEGAL)
    assert not any(REBER.fullmatch(text) for text in ILLEGAL)


@pytest.mark.parametrize(("low", "high"), [(6, 17), (6, 6), (17, 17), (9, 11), (40, 120)])
def test_every_string_is_in_the_language_and_within_the_lags(low: int, high: int) -> None:
    lags = set()
    for text in strings(draw(TASK(min_lag=low, max_lag=high), 500)):
        match = EMBEDDED.fullmatch(text)
        assert match, text
        lags.add(len(match[2]) + 1)
    assert low <= min(lags)
    assert max(lags) <= high
    assert min(lags) == low


def test_strings_occur_as_often_as_the_grammar_says() -> None:
    """Every branch halves the probability; what lies outside of the bounds is shared out."""
    low, high, count = 7, 12, 20_000
    probability = inner_strings(low - 1, high - 1)
    total = sum(probability.values())
    seen = Counter(text[2:-2] for text in strings(draw(TASK(min_lag=low, max_lag=high), count)))
    assert set(seen) <= set(probability)
    for text, weight in probability.items():
        share = weight / total
        assert abs(seen[text] - count * share) <= 5 * (count * share * (1 - share)) ** 0.5 + 1, text


def inner_strings(shortest: int, longest: int) -> dict[str, float]:
    """All Reber strings of these lengths with their probabilities, found by trying every legal continuation."""
    found: dict[str, float] = {}
    grown = {"": 1.0}
    for length in range(1, longest + 1):
        longer: dict[str, float] = {}
        for text, weight in grown.items():
            ways = [text + symbol for symbol in "BTPSXVE" if can_go_on(text + symbol)]
            longer |= {way: weight / len(ways) for way in ways}
        found |= {text: weight for text, weight in longer.items() if length >= shortest and text.endswith("E")}
        grown = {text: weight for text, weight in longer.items() if not text.endswith("E")}
    return found


def can_go_on(text: str) -> bool:
    """Whether some Reber string starts with `text`; from any node the end is at most four symbols away."""
    ends = ("", "E", "SE", "VE", "XSE", "VVE", "TXSE", "PVVE", "BTXSE")
    return any(REBER.fullmatch(text + end) for end in ends)


def test_both_outer_letters_are_equally_frequent() -> None:
    outer = Counter(text[1] for text in strings(draw(TASK(), 4000)))
    assert set(outer) == {"T", "P"}
    assert abs(outer["T"] - 2000) <= 5 * (4000 / 4) ** 0.5


def test_only_the_second_outer_letter_is_scored() -> None:
    task = TASK()
    batch = draw(task, 300)
    outer = np.zeros_like(batch.mask)
    for column, text in enumerate(strings(batch)):
        outer[len(text) - 3, column] = True  # the step before the last but one symbol
    wrong = (batch.targets + 1) % 7
    right_there = np.where(outer, batch.targets, wrong)
    right_elsewhere = np.where(outer, wrong, batch.targets)
    assert task.score(one_hot(right_there[batch.mask]), batch) == 1.0
    assert task.score(one_hot(right_elsewhere[batch.mask]), batch) == 0.0


def test_solved_means_every_string() -> None:
    task = TASK()
    batch = draw(task, 300)
    outputs = one_hot(batch.targets[batch.mask])
    assert task.solved(outputs, batch)
    step = len(strings(batch)[0]) - 3
    row = int(batch.mask[:step].sum())  # the first sequence's row at that step
    outputs[row] = 0
    outputs[row, SYMBOLS.index("S")] = 1
    assert not task.solved(outputs, batch)
    assert task.score(outputs, batch) == pytest.approx(299 / 300)


def test_long_lags_are_drawn_without_trying() -> None:
    assert {len(text) for text in strings(draw(TASK(min_lag=1000, max_lag=1000), 20))} == {1003}


def test_bounds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="max_lag 9 must not be below min_lag 10"):
        TASK(min_lag=10, max_lag=9)
