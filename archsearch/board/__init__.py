"""Rankings, intervals, comparisons and the verdict: pure functions over what the store returns."""

from archsearch.board.compare import Comparison, compare
from archsearch.board.intervals import Interval, Quartiles, censored_quartiles, t_interval, wilson_interval
from archsearch.board.ranking import Board, BoardRow, build_board, latest_phase
from archsearch.board.verdict import verdict

__all__ = [
    "Board",
    "BoardRow",
    "Comparison",
    "Interval",
    "Quartiles",
    "build_board",
    "censored_quartiles",
    "compare",
    "latest_phase",
    "t_interval",
    "verdict",
    "wilson_interval",
]
