"""The board's columns as people read them."""

from __future__ import annotations

import dataclasses

import pytest

from archsearch.board import Board, BoardRow, Interval, Quartiles
from archsearch.findings.columns import COLUMNS, architecture, shown_columns
from tests.board.samples import board, entry


def texts(found: Board, name: str) -> list[str]:
    """The texts of a column by row."""
    column = next(column for column in shown_columns(found) if column.name == name)
    return [column.cell(row, found) for row in found.rows]


def changed(**values: object) -> Board:
    """A board of one row with other values."""
    found = board(entry("a", [0.5, 0.7]))
    row: BoardRow = dataclasses.replace(found.rows[0], **values)  # type: ignore[arg-type]
    return dataclasses.replace(found, rows=(row,))


def test_every_column_can_be_sorted_by_its_name() -> None:
    names = [column.name for column in shown_columns(board(entry("a", [0.5]), entry("b", [0.4], "baseline")))]
    assert names[:4] == ["rank", "line", "objective", "solved"]
    assert set(names) <= COLUMNS.keys()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("quartiles", "seeds", "text"),
    [
        (Quartiles(5120, 6400, None, 12_800), 4, "6.4k [5.1k, >12.8k]"),
        (Quartiles(5120, None, None, 12_800), 4, ">12.8k [5.1k, >12.8k]"),
        (Quartiles(None, None, None, 12_800), 4, ">12.8k"),
        (Quartiles(None, None, None, None), 4, "never"),
        (Quartiles(6400, 6400, 6400, 12_800), 1, "6.4k"),
        (None, 4, ""),
    ],
)
def test_quartiles_beyond_the_budget_are_said_to_be(quartiles: Quartiles | None, seeds: int, text: str) -> None:
    assert texts(changed(sequences=quartiles, seeds=seeds), "sequences") == [text]


@pytest.mark.parametrize(
    ("interval", "text"),
    [(Interval(0.59, 0.61), "0.60 ± 0.01"), (Interval(0.599, 0.601), "0.600 ± 0.001"), (None, "0.600")],
)
def test_the_objective_has_the_digits_that_its_interval_allows(interval: Interval | None, text: str) -> None:
    assert texts(changed(objective=0.6, interval=interval), "objective") == [text]


def test_columns_without_anything_to_say_are_left_out() -> None:
    plain = {column.name for column in shown_columns(board(entry("a", [0.5, 0.6])))}
    assert not plain & {"failed", "pruned", "ratio", "test", "difference"}
    rich = board(entry("a", [0.5, 0.6, 0.1], failed=[2], test=0.5), entry("b", [0.4, 0.5, 0.5], "baseline"))
    assert {column.name for column in shown_columns(rich)} >= {"failed", "ratio", "test", "difference"}


def test_a_baseline_is_called_by_its_name() -> None:
    found = board(entry("a", [0.5]), entry("lstm", [0.4], "baseline"))
    assert [architecture(row) for row in found.rows] == ["line a", "lstm (baseline)"]
