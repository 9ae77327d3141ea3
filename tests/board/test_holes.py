"""Sorting and filtering by what was chosen for a hole."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from archsearch.board import Board, build_board
from archsearch.errors import InvalidInput
from archsearch.findings.columns import hole_columns
from archsearch.findings.picking import filter_rows, parse_filter, sort_rows
from archsearch.store.board_figures import figures_of
from tests.board.samples import entry

CHOICES: dict[str, dict[str, Any]] = {
    "a": {"coupling": "none", "rate": 0.01, "rank": "high"},
    "b": {"coupling": "i = 1 - f", "rate": 0.001},
    "c": {"coupling": "none", "rate": 1, "layers": 2},
    "lstm": {},
}


def made() -> Board:
    """Three candidates and a baseline; the best first."""
    results = [entry(name, [0.9 - place / 10]) for place, name in enumerate("abc")]
    results.append(entry("lstm", [0.1], "baseline"))
    figures = [
        dataclasses.replace(figures_of(result), choices=json.dumps(choices) if choices else "")
        for result, choices in zip(results, CHOICES.values(), strict=True)
    ]
    return build_board("quick", "search", figures, trivial=0.1)


def left(*, sort: str = "rank", descending: bool | None = None, filters: tuple[str, ...] = ()) -> str:
    board = made()
    holes = hole_columns(board)
    rows = filter_rows(board.rows, [parse_filter(text, holes) for text in filters])
    return " ".join(row.spec_id.removeprefix("spec ") for row in sort_rows(rows, sort, descending, holes))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("coupling=none", "a c"),
        ("coupling!=none", "b"),
        ("coupling~1 - F", "b"),
        ("rate<0.01", "b"),
        ("rate>=0.01", "a c"),
        ("layers=2", "c"),
        ("hole:coupling=none", "a c"),
        ("hole:rank=high", "a"),
        ("rank<=2", "a b"),
    ],
)
def test_a_filter_keeps_the_rows_with_such_a_choice(text: str, kept: str) -> None:
    assert left(filters=(text,)) == kept


def test_rows_are_sorted_by_a_choice_and_those_without_stand_last() -> None:
    assert left(sort="rate") == "b a c lstm"
    assert left(sort="rate", descending=True) == "c a b lstm"
    assert left(sort="coupling") == "b a c lstm"
    assert left(sort="hole:rank") == "a b c lstm"


def test_what_every_row_answers_with_a_number_is_a_column_of_numbers() -> None:
    kinds = {hole: column.kind for hole, column in hole_columns(made()).items()}
    assert kinds == {"coupling": "text", "rate": "number", "rank": "text", "layers": "number"}
    with pytest.raises(InvalidInput, match="does not go with a column of texts"):
        parse_filter("coupling<3", hole_columns(made()))


def test_an_unknown_hole_is_answered_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"did you mean .coupling.*hole:rank"):
        parse_filter("copling=none", hole_columns(made()))


def test_holes_are_listed_in_the_order_of_the_rows() -> None:
    assert made().holes == ("coupling", "rate", "rank", "layers")
