"""Pages of a board: what is on them, and that no row is made for another one."""

from __future__ import annotations

import dataclasses

import pytest

from archsearch.board.ranking import BoardRow, LazyRows
from archsearch.findings.boards import Standing, board_page
from tests.board.samples import board, entry


@pytest.mark.parametrize(
    ("offset", "limit", "ranks"), [(0, 2, [1, 2]), (3, 2, [4, 5]), (8, 5, [9, 10]), (10, 5, []), (7, None, [8, 9, 10])]
)
def test_a_page_makes_the_rows_that_it_shows_and_no_other(offset: int, limit: int | None, ranks: list[int]) -> None:
    whole, made = board(*(entry(str(number), [number / 10]) for number in range(10))), list[int]()

    def make(place: int) -> BoardRow:
        made.append(place)
        return whole.rows[place]

    rows = LazyRows(10, make)
    page = board_page(Standing(dataclasses.replace(whole, rows=rows), "", decided=False), rows, offset, limit)
    assert [row.rank for row in page.rows] == [place + 1 for place in made] == ranks
    assert (page.total, page.left_out) == (10, 10 - len(ranks))
