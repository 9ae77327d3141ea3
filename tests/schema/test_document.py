"""The strict loader: what a document may be, what its scalars mean, and where everything stands."""

from __future__ import annotations

import math

import pytest

from archsearch.errors import InvalidInput, Problem
from archsearch.schema.document import parse_document
from tests.schema.hostile_texts import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_ends_in_one_clear_line(name: str) -> None:
    text, expected = HOSTILE[name]
    with pytest.raises(InvalidInput) as caught:
        parse_document(text, "f.yaml")
    assert len(caught.value.problems) == 1
    line = str(caught.value)
    assert line.startswith("f.yaml:")
    assert line.isprintable()
    assert expected in line
    if expected[0].isdigit():
        assert line.startswith(f"f.yaml:{expected}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("True", True), ("FALSE", False),
        ("tRUE", "tRUE"), ("null", None), ("Null", None), ("~", None), ("nil", "nil"), ("none", "none"),
        ("12:30", "12:30"), ("12:30:45", "12:30:45"), ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"), ("017", 17), ("0o17", 15), ("0x1F", 31), ("0b11", 3),
        ("+12", 12), ("-7", -7), ("-0", 0), ("1_000_000", 1_000_000), ("1__0", "1__0"), ("_1", "_1"), ("1_", "1_"),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)), ("1e3", 1000.0), ("1e-3", 0.001),
        ("1.", 1.0), (".5", 0.5), ("-.5e1", -5.0), ("1_0.5", 10.5), ("0e999", 0.0), (".", "."), ("e3", "e3"),
        ("1e", "1e"), ("1.2.3", "1.2.3"), (".inf", math.inf), ("-.inf", -math.inf), ("+.INF", math.inf),
        ("inf", "inf"), ("-.nan", "-.nan"), ("=", "="), ("<<", "<<"), ("-", [None]), ("'12'", "12"), ('"true"', "true"),
        ("''", ""), ("|\n 1\n", "1\n"), ("i = 1 - f", "i = 1 - f"), ("１２", "１２"), ("0o8", "0o8"), ("0xg", "0xg"),
    ],
)  # fmt: skip
def test_scalars_mean_what_people_mean(text: str, value: object) -> None:
    data = parse_document(f"a: {text}" if value != [None] else f"a:\n{text}").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_not_a_number_survives_for_the_schema_to_judge() -> None:
    assert math.isnan(parse_document("a: .nan").data["a"])


def test_negative_zero_keeps_its_sign_as_a_float() -> None:
    assert math.copysign(1, parse_document("a: -0.0").data["a"]) == -1


def test_limits_are_inclusive() -> None:
    deepest = "[" * 32 + "]" * 32
    assert parse_document(deepest).data[0][0][0] != []
    assert len(parse_document("a: " + "x" * 16_384).data["a"]) == 16_384
    assert len(parse_document("[" + "a," * 3_999 + "]").data) == 3_999
    with pytest.raises(InvalidInput, match="has more than 4000 values"):
        parse_document("[" + "a," * 4_000 + "]")
    text = "a: 1 #"
    assert parse_document(text + "x" * (256 * 1024 - len(text))).data == {"a": 1}


def test_a_single_document_may_have_its_marks() -> None:
    assert parse_document("---\na: 1\n...\n").data == {"a": 1}


def test_quoted_merge_sign_is_a_key_like_any_other() -> None:
    assert parse_document('"<<": 1').data == {"<<": 1}


CELL = """\
# a comment
cell: lstm
states: {h: 0, c: -.inf}
equations:
  i: {linear: [x, h_prev]}
  c: >
    f * c_prev
  'h': o * tanh(c)
list:
- a
-   - b
    - {k: v}
empty:
"""


def test_every_value_and_key_knows_its_place() -> None:
    document = parse_document(CELL)
    places: list[tuple[tuple[str | int, ...], tuple[int, int]]] = [
        ((), (2, 1)),
        (("cell",), (2, 7)),
        (("states",), (3, 9)),
        (("states", "c"), (3, 19)),
        (("equations",), (5, 3)),
        (("equations", "i"), (5, 6)),
        (("equations", "i", "linear"), (5, 15)),
        (("equations", "i", "linear", 1), (5, 19)),
        (("equations", "c"), (6, 6)),
        (("equations", "h"), (8, 8)),
        (("list", 0), (10, 3)),
        (("list", 1), (11, 5)),
        (("list", 1, 1, "k"), (12, 11)),
        (("empty",), (13, 1)),
    ]
    assert [(path, document.at(path)) for path, _ in places] == places
    assert document.at(("equations", "h"), key=True) == (8, 3)
    assert document.at(("states", "c"), key=True) == (3, 16)


def test_carriage_returns_count_as_line_breaks_and_characters_as_columns() -> None:
    document = parse_document("é: 1\r\nb: {ü: 1, x: 2}\rc: [3]")
    assert document.at(("b", "x")) == (2, 14)
    assert document.at(("c", 0)) == (3, 5)
    assert parse_document("# c\r\n\r\na: 1\r\n\r\n# d\r\nb: 2\r").at(("b",)) == (6, 4)


def test_an_unknown_path_is_found_at_the_nearest_known_value_around_it() -> None:
    document = parse_document(CELL)
    assert document.at(("equations", "i", "bias", "deeper")) == document.at(("equations", "i"))
    assert document.at(("nowhere",), key=True) == document.at(())


def test_problems_are_located_and_sorted() -> None:
    document = parse_document(CELL, "cell.yaml")
    inner = Problem(("linear", 0), "second").under("equations", "i")
    error = InvalidInput([Problem(("list", 0), "third"), inner, Problem(("states", "h"), "first", at_key=True)])
    located = document.located(error).problems
    assert [problem.what for problem in located] == ["first", "second", "third"]
    assert str(located[0]) == "cell.yaml:3:10: states.h: first"
    assert str(located[1]) == "cell.yaml:5:16: equations.i.linear[0]: second"


def test_a_problem_of_another_file_stays_where_it_is() -> None:
    elsewhere = Problem(("cell",), "wrong", file="other.yaml", line=7, column=2)
    assert parse_document(CELL).locate(elsewhere) == elsewhere
