"""Rankings, intervals, comparisons and the verdict: pure functions over what the store returns."""

from archsearch.board.compare import Comparison, compare
from archsearch.board.intervals import Interval, Quartiles, censored_quartiles, t_interval, wilson_interval
from archsearch.board.ranking import Board, BoardRow, build_board, latest_phase
from archsearch.board.table import (
    COLUMNS,
    Column,
    Filter,
    filter_rows,
    hole_columns,
    parse_filter,
    pick_rows,
    sort_board,
    sort_rows,
)
from archsearch.board.verdict import verdict

__all__ = [
    "COLUMNS",
    "Board",
    "BoardRow",
    "Column",
    "Comparison",
    "Filter",
    "Interval",
    "Quartiles",
    "build_board",
    "censored_quartiles",
    "compare",
    "filter_rows",
    "hole_columns",
    "latest_phase",
    "parse_filter",
    "pick_rows",
    "sort_board",
    "sort_rows",
    "t_interval",
    "verdict",
    "wilson_interval",
]
