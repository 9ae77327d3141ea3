"""Holes: the questions they ask, the values that the answers stand for, mistakes in a table."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from archsearch.errors import InvalidInput
from archsearch.schema.holes import FloatRange, IntRange, OneOf, SubsetOf
from archsearch.space import load_space
from archsearch.space.chooser import EnumeratingChooser, every_chooser
from archsearch.space.holes import Holes, label_of
from tests.space.spaces import Answering, Watching, cell_space


def values(hole: Any) -> list[Any]:
    return [Holes({"hole": hole}, chooser).value("hole") for chooser in every_chooser()]


def test_a_list_offers_its_values_under_their_labels() -> None:
    chooser = Answering(hole="true")
    assert Holes({"hole": ["none", 16, 0.5, True]}, chooser).value("hole") is True
    assert chooser.asked == {"hole": ("none", "16", "0.5", "true")}
    assert values(["none", 16, 0.5, True]) == ["none", 16, 0.5, True]


@pytest.mark.parametrize(("value", "label"), [(True, "true"), (False, "false"), (1, "1"), (0.1, "0.1"), ("a b", "a b")])
def test_labels_are_spelt_as_in_yaml(value: Any, label: str) -> None:
    assert label_of(value) == label


def test_one_of_offers_structure_under_labels() -> None:
    assert values(OneOf(one_of={"gate": {"activation": "sigmoid"}, "open": "open"})) == [
        {"activation": "sigmoid"},
        "open",
    ]


def test_a_choice_of_one_is_never_asked() -> None:
    assert Holes({"hole": ["only"]}, EnumeratingChooser([])).value("hole") == "only"
    chooser = Watching()
    assert Holes({"hole": OneOf(one_of={"only": [1]})}, chooser).value("hole") == [1]
    assert chooser.asked == []


def test_ranges_ask_for_numbers_with_their_scale() -> None:
    asked: list[tuple[str, float, float, bool]] = []

    class Listening(Watching):
        def integer(self, name: str, low: int, high: int, log: bool) -> int:
            asked.append((name, low, high, log))
            return high

        def real(self, name: str, low: float, high: float, log: bool) -> float:
            asked.append((name, low, high, log))
            return high

    whole = IntRange.model_validate({"int": [1, 8], "log": True})
    holes = Holes({"a": whole, "b": FloatRange.model_validate({"float": [0.5, 2.0]})}, Listening())
    assert (holes.value("a"), holes.value("b")) == (8, 2.0)
    assert asked == [("a", 1, 8, True), ("b", 0.5, 2.0, False)]


def test_a_hole_is_asked_once_and_keeps_its_answer() -> None:
    chooser = Watching()
    holes = Holes({"a": ["x", "y"], "b": SubsetOf(subset_of=["p", "q"])}, chooser)
    first = [(holes.value("a"), holes.value("b")) for _ in range(5)]
    assert first == first[:1] * 5
    assert chooser.asked == ["a", "b.p", "b.q"]
    assert list(holes.choices) == chooser.asked


def test_each_element_of_a_subset_is_a_question_of_its_own() -> None:
    chooser = Answering(hole__x="no", hole__y="yes")
    assert Holes({"hole": SubsetOf(subset_of=["x", "y"])}, chooser).value("hole") == ["y"]
    assert chooser.asked == {"hole.x": ("no", "yes"), "hole.y": ("no", "yes")}


@pytest.mark.parametrize(("elements", "at_least"), list(itertools.product([1, 3, 5], [0, 1, 2, 3, 5])))
def test_subsets_are_enumerated_once_each_and_at_least_is_kept(elements: int, at_least: int) -> None:
    if at_least > elements:
        return
    names = [f"e{index}" for index in range(elements)]
    found = [tuple(subset) for subset in values(SubsetOf(subset_of=names, at_least=at_least))]
    expected = [subset for size in range(at_least, elements + 1) for subset in itertools.combinations(names, size)]
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    assert len(found) == sum(math.comb(elements, size) for size in range(at_least, elements + 1))


def test_elements_that_at_least_demands_are_in_without_being_asked() -> None:
    chooser = Answering()  # the first answer is no
    holes = Holes({"hole": SubsetOf(subset_of=["x", "y", "z"], at_least=2)}, chooser)
    assert holes.value("hole") == ["y", "z"]
    assert list(chooser.asked) == ["hole.x"]
    assert holes.implied == {"hole.y": "yes", "hole.z": "yes"}


def test_a_member_may_be_asked_alone() -> None:
    chooser = Watching()
    holes = Holes({"hole": SubsetOf(subset_of=["x", "y", "z"])}, chooser)
    holes.member("hole", "y")
    assert chooser.asked == ["hole.y"]
    assert not holes.member("hole", "nowhere")


@pytest.mark.parametrize(
    ("hole", "message"),
    [
        ("[tanh, tanh]", "the option 'tanh' stands twice; list each option once"),
        ('[1, "1"]', "the option '1' stands twice"),
        ('[true, "true"]', "the option 'true' stands twice"),
        ("{subset_of: [a, a]}", "the element 'a' stands twice"),
        ("{subset_of: [a, b], at_least: 3}", "at_least is 3; allowed: at most 2, the elements"),
        ("{int: [5, 1]}", "the range 5 to 1 is empty"),
        ("{float: [1.0, 0.5]}", "the range 1.0 to 0.5 is empty"),
        ("{int: [0, 5], log: true}", "a logarithmic range from 0; allowed: a low end above 0"),
        ("{float: [-1.0, 1.0], log: true}", "a logarithmic range from -1.0"),
        ("{float: [-1.7e308, 1.7e308]}", "the range .* is too wide"),
        ("[]", "must have at least 1 entry"),
        ("{subset_of: []}", "must have at least 1 entry"),
        ("{one_of: {}}", "must have at least 1 entry"),
        ("{int: [1]}", "must have at least 2 entries"),
        ("{colours: [1]}", "a hole is a list of plain values, or a mapping"),
        ("tanh", "a hole is a list of plain values, or a mapping"),
    ],
)
def test_mistakes_in_a_hole_are_named_with_their_place(hole: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=rf"<text>:\d+:\d+: holes\.phi.*: {message}"):
        cell_space("    h: $phi(x)", f"  phi: {hole}")


def test_one_message_for_each_mistake() -> None:
    with pytest.raises(InvalidInput) as caught:
        load_space("space: a\ncell: lstm\nwiring: lstm\n")
    assert [str(problem) for problem in caught.value.problems] == [
        "<text>:3:1: wiring: a space has either wiring or cell, and both are given; remove one of them"
    ]
