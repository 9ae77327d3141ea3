"""Each kind of chooser: random, recorded, enumerating, size-estimating."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import product

import pytest

from archsearch.errors import InvalidInput
from archsearch.space import RandomChooser, RecordedChooser
from archsearch.space.chooser import Chooser, EnumeratingChooser, PathSizeChooser, every_chooser


def test_random_answers_repeat_with_the_seed() -> None:
    def answers(seed: int) -> list[object]:
        chooser = RandomChooser(random.Random(seed))
        return [
            (chooser.category("a", "xyz"), chooser.integer("b", 1, 100, True), chooser.real("c", 0.1, 1, False))
            for _ in range(20)
        ]

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


def test_random_labels_are_equally_likely() -> None:
    chooser = RandomChooser(random.Random(0))
    counts = Counter(chooser.category("a", ["x", "y", "z"]) for _ in range(3000))
    assert all(abs(counts[label] - 1000) < 5 * math.sqrt(3000 * 2 / 9) for label in "xyz")


def test_random_whole_numbers_cover_the_range_with_its_ends() -> None:
    chooser = RandomChooser(random.Random(0))
    flat = Counter(chooser.integer("a", 3, 6, False) for _ in range(4000))
    assert set(flat) == {3, 4, 5, 6}
    assert all(abs(count - 1000) < 5 * math.sqrt(750) for count in flat.values())
    logarithmic = Counter(chooser.integer("a", 1, 8, True) for _ in range(4000))
    assert set(logarithmic) == set(range(1, 9))
    for number, count in logarithmic.items():
        expected = 4000 * math.log((number + 0.5) / (number - 0.5)) / math.log(17)
        assert abs(count - expected) < 5 * math.sqrt(expected)


def test_random_numbers_stay_in_the_range_and_spread_evenly() -> None:
    chooser = RandomChooser(random.Random(0))
    for log in (False, True):
        drawn = [chooser.real("a", 0.001, 10.0, log) for _ in range(4000)]
        assert 0.001 <= min(drawn) < max(drawn) <= 10.0
        middle = 0.1 if log else 5.0005
        assert abs(sum(number < middle for number in drawn) - 2000) < 5 * math.sqrt(1000)


def test_a_range_of_one_number_is_that_number() -> None:
    chooser = RandomChooser(random.Random(0))
    assert {chooser.integer("a", 7, 7, log) for log in (False, True)} == {7}
    assert {chooser.real("a", 0.3, 0.3, log) for log in (False, True)} == {0.3}


RECORD = RecordedChooser({"label": "x", "whole": 3, "number": 0.5, "text": "3"})


def test_a_record_answers_what_it_holds() -> None:
    assert RECORD.category("label", ["y", "x"]) == "x"
    assert RECORD.integer("whole", 1, 3, False) == 3
    assert RECORD.real("number", 0.5, 1.0, True) == 0.5
    assert RECORD.real("whole", 0, 5, False) == 3


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda chooser: chooser.category("nowhere", ["x"]), "nowhere: no choice is recorded for this hole"),
        (lambda chooser: chooser.integer("nowhere", 0, 1, False), "nowhere: no choice is recorded"),
        (lambda chooser: chooser.category("label", ["a", "b"]), "label: 'x' is not an option; allowed: a, b"),
        (lambda chooser: chooser.integer("whole", 4, 9, False), "whole: '3' is out of range; allowed: 4 to 9"),
        (lambda chooser: chooser.integer("number", 0, 9, False), "number: '0.5' is not a whole number"),
        (lambda chooser: chooser.real("number", 0.6, 9, False), "number: '0.5' is out of range; allowed: 0.6 to 9"),
        (lambda chooser: chooser.real("text", 0, 9, False), "text: '3' is out of range"),
    ],
)
def test_a_record_that_does_not_fit_says_so(ask: object, message: str) -> None:
    assert callable(ask)
    with pytest.raises(InvalidInput, match=message):
        ask(RECORD)


def grid(chooser: Chooser) -> tuple[str, ...]:
    return tuple(chooser.category(name, labels) for name, labels in (("a", "xy"), ("b", "pqr"), ("c", "0")))


def tree(chooser: Chooser) -> tuple[str, ...]:
    """What is asked later depends on what was answered."""
    first = chooser.category("first", ["stop", "short", "long"])
    depth = {"stop": 0, "short": 1, "long": 2}[first]
    return (first, *(chooser.category(f"next {index}", ["no", "yes"]) for index in range(depth)))


def test_enumeration_visits_every_combination_once_in_order() -> None:
    assert [grid(chooser) for chooser in every_chooser()] == list(product("xy", "pqr", "0"))


def test_enumeration_follows_questions_that_come_and_go() -> None:
    assert [tree(chooser) for chooser in every_chooser()] == [
        ("stop",),
        ("short", "no"),
        ("short", "yes"),
        ("long", "no", "no"),
        ("long", "no", "yes"),
        ("long", "yes", "no"),
        ("long", "yes", "yes"),
    ]


def test_without_questions_there_is_one_configuration() -> None:
    assert len(list(every_chooser())) == 1


def test_enumeration_takes_the_low_end_of_ranges() -> None:
    chooser = EnumeratingChooser([])
    assert (chooser.integer("a", 2, 9, True), chooser.real("b", 0.5, 1, False)) == (2, 0.5)
    assert chooser.following() is None


def test_the_product_of_widths_is_seven_on_average() -> None:
    """Of the 7 paths of `tree`; one draw gives 3, 6 or 12."""
    sizes = []
    for seed in range(6000):
        chooser = PathSizeChooser(random.Random(seed))
        tree(chooser)
        sizes.append(chooser.size)
    assert set(sizes) == {3, 6, 12}
    assert abs(sum(sizes) / len(sizes) - 7) < 5 * math.sqrt(14 / 6000)
