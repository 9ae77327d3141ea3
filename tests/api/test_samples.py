"""Samples of a space: distinct, always the same, drawn, and never at the cost of the answer."""

from __future__ import annotations

import dataclasses
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from archsearch.api import samples
from archsearch.api.samples import samples_of
from archsearch.errors import InvalidInput, Refused
from archsearch.space import load_space
from tests.api.serving import Served
from tests.study.texts import PLAIN, SPACE, STUDY

SVG = "{http://www.w3.org/2000/svg}"


def test_a_space_comes_with_its_size_and_samples(served: Served) -> None:
    found = served.client().validate(SPACE, samples=3)
    assert (found.valid, found.size) == (True, 4)
    assert len(found.samples) == 3
    assert len({sample.arch_id for sample in found.samples}) == 3
    for sample in found.samples:
        assert set(sample.choices) == {"cell_input", "squash"}
        assert str(sample.choices["cell_input"]) in sample.equations["g"]
        assert sample.svg is not None
        root = ET.fromstring(sample.svg)
        assert root.find(f"{SVG}style") is not None
        assert root.tag == f"{SVG}svg"
    assert served.client().validate(SPACE, samples=3) == found


def test_there_are_no_more_samples_than_architectures(served: Served) -> None:
    found = served.client().validate(SPACE, samples=10)
    assert len(found.samples) == 4


def test_a_study_comes_with_samples_of_its_space_also_of_its_own(served: Served) -> None:
    shipped = served.client().validate(PLAIN, samples=2)
    assert (shipped.kind, shipped.size, len(shipped.samples)) == ("study", 1881, 2)
    own = served.client().validate(STUDY, space=SPACE, samples=1)
    assert (own.kind, own.size, len(own.samples)) == ("study", 4, 1)
    assert served.client().validate(STUDY, space={"space": "mine", "wiring": "lstm", "holes": {}}, samples=5).size == 1


@pytest.mark.parametrize("text", ["cell: x", "wiring: lstm_x\n", SPACE.replace("relu", "relo")])
def test_nothing_is_drawn_of_what_is_no_valid_space(served: Served, text: str) -> None:
    found = served.client().validate(text, samples=3)
    assert (found.size, found.samples) == (None, ())


def test_beyond_the_limit_a_size_is_not_counted(served: Served) -> None:
    holes = "".join(f"  h{n}: [tanh, relu]\n" for n in range(13))
    gates = "".join(f"    g{n}: {{linear: [x], activation: $h{n}}}\n" for n in range(13))
    total = " + ".join(f"g{n}" for n in range(13))
    text = f"space: large\ncell:\n  states: {{h: 0}}\n  output: h\n  equations:\n{gates}    h: {total}\nholes:\n{holes}"
    found = served.client().validate(text, samples=1)
    assert found.valid, found.problems
    assert (found.size, len(found.samples)) == (None, 1)


@pytest.mark.parametrize("number", [-1, 11, 10**6])
def test_so_many_samples_and_no_more(served: Served, number: int) -> None:
    with pytest.raises(InvalidInput, match="samples"):
        served.client().validate(SPACE, samples=number)


def test_mistakes_of_a_space_of_ones_own_are_at_its_lines(served: Served) -> None:
    report = served.client().validate(STUDY, space=SPACE.replace("relu", "relo"))
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.path) == ("space", 4, ("holes", "cell_input", 1))
    given = {"space": "mine", "wiring": "lstm", "holes": {"cell_input": ["tanh", "relo"]}}
    (same,) = served.client().validate(STUDY, space=given).problems
    assert same == dataclasses.replace(problem, line=0, column=0)


def endless_after(calls: int, first: str) -> Callable[..., str]:
    """Answers so many times, then never again."""
    numbers = itertools.count()

    def work(*_: object, **__: object) -> str:
        number = next(numbers)
        while number >= calls:
            pass
        return f"{first}{number}"

    return work


def test_what_takes_too_long_to_draw_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    space = load_space("two_timescales")
    monkeypatch.setattr(samples, "DRAW_SECONDS", 0.2)
    monkeypatch.setattr(samples, "draw_svg", endless_after(1, "svg"))
    found = samples_of(space, 3)
    assert [sample.svg for sample in found] == ["svg0", None, None]
    assert all(sample.equations for sample in found)
    monkeypatch.setattr(samples, "SEARCH_SECONDS", 0.2)
    monkeypatch.setattr(samples, "arch_id", endless_after(2, "id"))
    assert [sample.arch_id for sample in samples_of(space, 10)] == ["id0", "id1"]


def test_what_cannot_be_drawn_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise Refused("its lines cross too often")

    monkeypatch.setattr(samples, "draw_svg", refuse)
    assert [sample.svg for sample in samples_of(load_space("lstm_to_gru"), 2)] == [None, None]


def test_drawings_for_a_page_bring_no_style_of_their_own() -> None:
    styled, bare = (samples_of(load_space("lstm_to_gru"), 1, styled=styled)[0].svg or "" for styled in (True, False))
    assert "<style>" in styled
    assert "<style>" not in bare
    assert bare.endswith("</svg>\n")
