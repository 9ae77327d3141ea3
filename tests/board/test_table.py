"""Sorting and filtering by column."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from archsearch.board.compare import Comparison
from archsearch.board.intervals import Interval, Quartiles
from archsearch.board.ranking import BoardRow
from archsearch.errors import InvalidInput
from archsearch.findings.columns import COLUMNS, row_values
from archsearch.findings.picking import filter_rows, parse_filter, sort_rows
from tests.board.samples import board, entry

ROWS = board(
    entry("gru open", [0.5, 0.6, 0.5], sequences_to_solve=320, parameters=300),
    entry("LSTM wide", [0.9, 0.8, 0.9], sequences_to_solve=64, parameters=500),
    entry("gru closed", [0.3, 0.2, 0.3], parameters=100),
    entry("lstm", [0.7, 0.7, 0.6], "baseline", sequences_to_solve=160, parameters=400),
    entry("waiting", []),
).rows


def specs(*, sort: str = "rank", descending: bool | None = None, filters: tuple[str, ...] = ()) -> list[str]:
    """The names of the rows that are left, in order."""
    rows = sort_rows(filter_rows(ROWS, [*map(parse_filter, filters)]), sort, descending)
    return [row.spec_id.removeprefix("spec ") for row in rows]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_sorts_both_ways_and_keeps_every_row(name: str) -> None:
    read = COLUMNS[name].read
    for descending in (False, True):
        rows = sort_rows(ROWS, name, descending)
        assert sorted(row.rank for row in rows) == [1, 2, 3, 4, 5]
        values = [value.casefold() if isinstance(value, str) else value for value in map(read, rows)]
        present = [value for value in values if value is not None]
        assert values == present + [None] * (len(values) - len(present)), "missing values come last"
        assert present == sorted(present, reverse=descending)


def test_a_columns_better_end_comes_first() -> None:
    assert specs(sort="objective")[0] == "LSTM wide"
    assert specs(sort="parameters")[0] == "gru closed"
    assert specs(sort="sequences") == ["LSTM wide", "lstm", "gru open", "gru closed", "waiting"]
    assert specs(sort="line")[0] == "gru closed"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("solved>=3", ["LSTM wide", "lstm", "gru open"]),
        ("solved = 0", ["gru closed", "waiting"]),
        ("parameters<400", ["gru open", "gru closed"]),
        ("parameters!=400", ["LSTM wide", "gru open", "gru closed"]),
        ("parameters<=4e2", ["lstm", "gru open", "gru closed"]),
        ("sequences>320", ["gru closed"]),
        ("objective>0.7", ["LSTM wide"]),
        ("line~gru", ["gru open", "gru closed"]),
        ("line ~ lstm", ["LSTM wide", "lstm"]),
        ("line=line LSTM wide", ["LSTM wide"]),
        ("role!=candidate", ["lstm"]),
        ("label=", ["LSTM wide", "gru open", "gru closed", "waiting"]),
        ("line~>=<", []),
        ("difference>0", ["LSTM wide"]),
    ],
)
def test_a_filter_keeps_what_it_says(text: str, left: list[str]) -> None:
    assert specs(filters=(text,)) == left


def test_filters_add_up() -> None:
    assert specs(filters=("line~gru", "solved>0")) == ["gru open"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("solved", "'solved' is not a valid filter; allowed: a column, one of"),
        ("", "'' is not a valid filter"),
        (">=3", "is not a valid filter"),
        ("solvd>=3", "no column is called 'solvd'; did you mean 'solved'?"),
        ("solved>=many", "filter.solved: 'many' is not a number"),
        ("solved>=", "filter.solved: '' is not a number"),
        ("solved=>1", "filter.solved: '>1' is not a number; did you mean 'solved>=1'?"),
        ("solved>=nan", "'nan' is not a number"),
        ("solved~3", "'~' does not go with a column of numbers; allowed: = != >= <= > <"),
        ("line>3", "'>' does not go with a column of texts; allowed: = != ~"),
        ("__class__=x", "no column is called '__class__'"),
        ("\x1b[31m=x", "no column is called"),
    ],
)
def test_a_wrong_filter_says_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_filter(text)
    assert message in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_wrong_sort_column_says_what_is_allowed() -> None:
    with pytest.raises(InvalidInput, match=r"sort: no column is called 'speed'; .*allowed: rank, role"):
        sort_rows(ROWS, "speed")


WHOLE = BoardRow(
    rank=1,
    role="candidate",
    label="the label",
    line="the line",
    arch_id="the arch",
    spec_id="the spec",
    objective=0.02,
    interval=Interval(0.03, 0.04),
    seeds=5,
    failed=6,
    pruned=7,
    solved=8,
    solved_interval=Interval(0.09, 0.10),
    sequences=Quartiles(11, 12, 13, 14),
    parameters=15,
    operations=16,
    stages=17,
    seconds=18.5,
    test=0.19,
    ratio=0.20,
    comparison=Comparison("the baseline", 21, 0.22, Interval(0.23, 0.24), 0.25, 26, 0.27, "better"),
)
"""No two values are equal, so that none can stand in another's column."""

READ = {
    "rank": 1, "role": "candidate", "label": "the label", "line": "the line", "arch_id": "the arch",
    "spec_id": "the spec", "objective": 0.02, "difference": 0.22, "ratio": 0.20, "test": 0.19, "solved": 8, "seeds": 5,
    "failed": 6, "pruned": 7, "sequences": 12, "parameters": 15, "operations": 16, "stages": 17, "seconds": 18.5,
}  # fmt: skip
FLAT = {
    "rank": 1, "role": "candidate", "label": "the label", "line": "the line", "arch_id": "the arch",
    "spec_id": "the spec", "objective": 0.02, "objective_low": 0.03, "objective_high": 0.04, "seeds": 5, "failed": 6,
    "pruned": 7, "solved": 8, "solved_low": 0.09, "solved_high": 0.10, "sequences_q1": 11, "sequences_median": 12,
    "sequences_q3": 13, "budget": 14, "test": 0.19, "parameters": 15, "operations": 16, "stages": 17, "seconds": 18.5,
    "ratio": 0.20, "difference": 0.22, "difference_low": 0.23, "difference_high": 0.24, "outcome": "better",
}  # fmt: skip
HEADINGS = {
    "line": "architecture", "sequences": "sequences until solved", "operations": "operations per step",
}  # fmt: skip


def test_each_column_reads_its_own_value() -> None:
    assert READ.items() <= {name: column.read(WHOLE) for name, column in COLUMNS.items()}.items()
    assert FLAT.items() <= row_values(WHOLE).items()


def test_each_column_has_its_own_heading() -> None:
    titles = {name: column.title or name for name, column in COLUMNS.items()}
    assert ({name: name for name in READ} | HEADINGS).items() <= titles.items()
    assert len(set(titles.values())) == len(titles)


def test_missing_values_are_none() -> None:
    known = ("rank", "role", "label", "line", "arch_id", "spec_id", "seeds", "failed", "pruned", "solved")
    missing: dict[str, Any] = {
        field.name: None for field in dataclasses.fields(BoardRow) if field.name not in (*known, "choices_text")
    }
    bare = dataclasses.replace(WHOLE, **missing)
    assert {name for name in FLAT if row_values(bare)[name] is not None} == set(known)
    beyond = dataclasses.replace(WHOLE, sequences=Quartiles(11, None, None, 14))
    assert COLUMNS["sequences"].read(beyond) == float("inf")
