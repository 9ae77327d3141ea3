"""Problems in plain words: one for each mistake, at its place."""

from __future__ import annotations

import math
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Discriminator, Tag, model_validator

from archsearch.errors import InvalidInput, Problem
from archsearch.schema.document import parse_document
from archsearch.schema.strict import Strict
from archsearch.schema.validation import load, validate
from tests.schema.machine import Circle, Gate, Machine
from tests.schema.mistakes import MISTAKES


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_one_line_at_its_place(name: str) -> None:
    text, expected = MISTAKES[name]
    with pytest.raises(InvalidInput) as caught:
        load(Machine, parse_document(text, "m.yaml"))
    lines = str(caught.value).splitlines()
    assert len(lines) == len(expected) == len(caught.value.problems)
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(f"m.yaml:{start}")
        assert line.isprintable()
        assert len(line) < 400


def test_a_sound_document_becomes_its_model() -> None:
    text = """
        name: a-b
        gates: {i: {bias: none, linear: [x, h_prev]}, f: open, o: {}}
        start: -.inf
        shape: {shape: circle, radius: 1}
        tree: {name: r, children: [{name: s}]}
    """
    machine = load(Machine, parse_document(text))
    assert machine.start == -math.inf
    assert machine.gates == {"i": Gate(bias="none", linear=["x", "h_prev"]), "f": "open", "o": Gate()}
    assert machine.shape == Circle(shape="circle", radius=1)


def test_a_nested_part_is_located_by_its_prefix() -> None:
    document = parse_document("space: s\nmachine: {name: a, hidden: 0, zz: 1}", "space.yaml")
    with pytest.raises(InvalidInput) as caught:
        validate(Machine, document.data["machine"], prefix=("machine",))
    located = document.located(caught.value).problems
    assert [(problem.line, problem.column, problem.path) for problem in located] == [
        (2, 28, ("machine", "hidden")),
        (2, 31, ("machine", "zz")),
    ]


def test_a_problem_of_a_validator_gets_the_prefix_as_well() -> None:
    with pytest.raises(InvalidInput) as caught:
        validate(Machine, {"name": "a", "formula": "("}, prefix=("machines", 0))
    assert caught.value.problems[0].path == ("machines", 0, "formula")


def test_data_without_a_document_is_judged_alike() -> None:
    with pytest.raises(InvalidInput) as caught:
        validate(Machine, {"name": "a", "hidden": 10**5000, "gates": {5: "open"}, "either": {1: 2}})
    by_path = {problem.path: problem for problem in caught.value.problems}
    assert by_path[("hidden",)].what == "must be at most 4096, got a huge number"
    assert by_path[("gates", 5)].what == "a key must be text"
    assert all("\n" not in str(problem) for problem in caught.value.problems)


def test_only_the_first_of_very_many_problems_are_told() -> None:
    with pytest.raises(InvalidInput) as caught:
        validate(Machine, {"name": "a", "picks": ["x"] * 10_000})
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1] == Problem(("picks", 20), "more problems from here on")


class Whim(Strict):
    """A union whose choice nobody can satisfy."""

    entry: Annotated[Annotated[Gate, Tag("gate")] | Annotated[int, Tag("int")], Discriminator(lambda _: "whim")]


def test_a_discriminator_that_names_no_member_does_not_contradict_itself() -> None:
    with pytest.raises(InvalidInput) as caught:
        validate(Whim, {"entry": {}})
    assert "does not match any of the expected tags: 'gate', 'int'" in str(caught.value)


class Pair(Strict):
    """A model with a rule on the whole of it."""

    low: int
    high: int

    @model_validator(mode="after")
    def in_order(self) -> Pair:
        """Refuse an empty range."""
        if self.low > self.high:
            raise ValueError(f"low must not exceed high, got {self.low} and {self.high}")
        return self


class Ranges(Strict):
    """Models behind model validators."""

    ranges: list[Pair]


def test_a_rule_on_a_whole_model_is_told_where_the_model_stands() -> None:
    with pytest.raises(InvalidInput) as caught:
        load(Ranges, parse_document("ranges:\n- {low: 1, high: 2}\n- {low: 2, high: 1}\n- {lo: 2, high: 1}", "r"))
    assert str(caught.value).splitlines() == [
        "r:3:3: ranges[1]: low must not exceed high, got 2 and 1",
        "r:4:3: ranges[2]: low must not exceed high, got 2 and 1",
        "r:4:4: ranges[2].lo: unknown key 'lo'; did you mean 'low'? allowed: low, high",
    ]


WORDS = st.sampled_from(["name", "gates", "bias", "shape", "side", "gate", "word", "i", "[key]", "circle", "open", "x"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=15,
)
PARTS = st.dictionaries(st.sampled_from(sorted(Machine.model_fields)), DATA, max_size=5)


@settings(deadline=None, max_examples=300)
@given(DATA | PARTS)
def test_any_data_is_accepted_or_refused_in_printable_lines_about_the_data(data: Any) -> None:
    try:
        validate(Machine, data)
    except InvalidInput as error:
        assert error.problems
        for problem in error.problems:
            assert str(problem).isprintable()
            value = data
            for part in problem.path:
                value = value[part]
