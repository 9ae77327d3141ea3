"""A study with a space of the user's own: both texts are checked together, and mistakes are placed in the right one."""

from __future__ import annotations

import json

import pytest

from archsearch.errors import InvalidInput
from archsearch.registry import closed_files
from archsearch.schema.validation import MOST_PROBLEMS
from archsearch.study.checking import check_study, check_text, define_texts
from archsearch.study.definition import load_study, read_definition
from tests.study.texts import SPACE, STUDY, TASK

SERIES = STUDY.replace(
    TASK,
    "tasks:\n  short: {name: parity, train_length: 3, test_length: 6}\n"
    "  long: {name: parity, train_length: 6, test_length: 9}",
)


def problems(study: str, space: str | None) -> list[tuple[str, int, int, str]]:
    """Where the mistakes are: text, line, column, and what is wrong."""
    with pytest.raises(InvalidInput) as caught:
        define_texts(study, space)
    return [(each.file, each.line, each.column, each.what) for each in caught.value.problems]


def test_a_study_finds_the_space_that_is_given_with_it() -> None:
    with closed_files():
        (definition,) = define_texts(STUDY, SPACE)
    assert (definition.name, definition.space.name) == ("small", "mine")
    again = read_definition(definition.text)  # needs neither of the texts
    assert again.space.definition.holes == definition.space.definition.holes
    assert json.loads(definition.text)["space"] == "mine"


def test_it_comes_out_as_if_the_space_were_written_in_the_study() -> None:
    inline = STUDY.replace(
        "space: mine", "space: {wiring: lstm, holes: {cell_input: [tanh, relu], squash: [tanh, identity]}}"
    )
    given, written = (json.loads(text) for text in (define_texts(STUDY, SPACE)[0].text, load_study(inline).text))
    assert given["study"] == written["study"]
    assert (given["space"], written["space"]) == ("mine", "space")


def test_every_study_of_a_series_has_it() -> None:
    found = define_texts(SERIES, SPACE)
    assert [each.name for each in found] == ["small.short", "small.long"]
    assert {each.space.name for each in found} == {"mine"}


def test_a_shipped_space_needs_no_other_text() -> None:
    (definition,) = define_texts(STUDY.replace("mine", "lstm_to_gru"))
    assert definition.space.name == "lstm_to_gru"


@pytest.mark.parametrize("study", [STUDY, SERIES])
def test_mistakes_in_a_space_stand_in_its_own_text_once(study: str) -> None:
    (only,) = problems(study, SPACE.replace("squash", "squassh"))
    assert only == ("space", 5, 3, "no field is called 'squassh'")


def test_the_mistakes_of_both_are_told_together() -> None:
    found = problems(STUDY.replace("rnn", "rrnn"), SPACE.replace("relu", "rrelu"))
    assert {(text, line) for text, line, _, _ in found} == {("space", 4), ("study", 6)}


@pytest.mark.parametrize("named", ["lstm_to_gru", "mne", "{wiring: lstm, holes: {cell_input: [tanh, relu]}}"])
def test_a_space_that_the_study_does_not_name_is_a_mistake(named: str) -> None:
    (only,) = problems(STUDY.replace("space: mine", f"space: {named}"), SPACE)
    assert only == ("study", 2, 8, "the space mine is given as well, and not named here")


def test_texts_of_another_kind_are_told_apart() -> None:
    assert problems(SPACE, None) == [("study", 1, 1, "this is a space, not a study")]
    assert problems(STUDY, STUDY) == [("space", 1, 1, "this is a study, not a space")]
    assert problems(STUDY, "space: [1]\nwiring: lstm\n")[0][:2] == ("space", 1)
    assert problems(STUDY, "cell: [")[0][0] == "space"
    assert problems("- 1", SPACE)[0][0] == "study"


def test_without_the_space_its_name_is_unknown() -> None:
    assert problems(STUDY, None) == [("study", 2, 8, "no shipped space is called 'mine'")]


def test_checking_proves_the_space_too() -> None:
    report = check_study(STUDY, SPACE)
    assert not report.problems
    assert report.proved.endswith("; mine: 4 configurations, all lowered")
    assert report.space is not None
    unproved = check_study(STUDY, f"{SPACE}contains: [gru]\n")
    (problem,) = unproved.problems
    assert (problem.file, problem.line, problem.what) == ("space", 6, "gru is not among all configurations")
    assert define_texts(
        STUDY, f"{SPACE}contains: [gru]\n"
    )  # a search does not need the promise, as on the command line


def test_of_many_problems_the_first_are_told_and_that_there_are_more() -> None:
    sums = "".join(f"  e{number}: {' + '.join(f'q{each}' for each in range(9))}\n" for number in range(4))
    cell = f"cell: many\nstates: {{h: 0}}\noutput: h\nequations:\n  h: tanh(x)\n{sums}"
    found = check_text(cell).problems
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].what == "more problems from here on"
    assert [each.line for each in found] == sorted(each.line for each in found)
    baselines = "".join(f"  - {json.dumps(cell.replace('many', f'many{number}'))}\n" for number in range(2))
    told = problems(STUDY.replace(" [rnn]", f"\n{baselines}"), SPACE)
    assert len(told) == MOST_PROBLEMS + 1


def test_no_file_is_opened_for_the_space_either() -> None:
    with closed_files():
        found = problems(STUDY, SPACE.replace("wiring: lstm", "wiring: ./x.yaml"))
    assert found == [("space", 2, 9, "a text that comes over HTTP names no files")]
