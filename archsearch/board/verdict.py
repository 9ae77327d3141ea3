"""The outcome of a study in one sentence, "no winner" included."""

from __future__ import annotations

from archsearch.board.compare import Comparison
from archsearch.board.ranking import Board, BoardRow
from archsearch.errors import counted, printable
from archsearch.schema.phases import DECISIVE


def verdict(board: Board) -> str:
    """One sentence: which candidate beats the best baseline and by how much, or why none does.

    Only the report phase decides: its seeds were used for no choice before.
    """
    measured = [row for row in board.rows if row.seeds]
    if board.phase != DECISIVE or not measured:
        return "no winner yet: the report phase, which decides, has no results"
    candidates = [row for row in measured if row.role == "candidate"]
    if not candidates:
        return "no winner yet: no candidate has a result in the report phase"
    if not any(row.role == "baseline" for row in board.rows):
        return "no winner: the study has no baselines to compare with"
    if not board.baseline:
        return "no winner: there is no baseline to compare with"
    unfinished = next((row for row in board.rows if row.seeds < board.seeds), None)
    if unfinished is not None:
        name = _name(unfinished)
        return f"no winner yet: {name} has {unfinished.seeds} of {board.seeds} seeds of the report phase"
    winner = next((row for row in candidates if row.comparison and row.comparison.outcome == "better"), None)
    return _win(winner) if winner else _no_win(candidates[0])


def _win(row: BoardRow) -> str:
    comparison = row.comparison
    assert comparison is not None
    return (
        f"winner: {_name(row)}: objective {row.objective:.3g}, {comparison.difference:+.3g} over the best baseline"
        f" {printable(comparison.baseline)} ({_evidence(comparison)})"
    )


def _no_win(row: BoardRow) -> str:
    comparison = row.comparison
    if comparison is None:
        return f"no winner: {_name(row)} and the best baseline share no seed"
    baseline, evidence = printable(comparison.baseline), _evidence(comparison)
    if comparison.outcome == "too few seeds":
        return f"no winner: too few seeds to tell {_name(row)} from the best baseline {baseline} ({evidence})"
    if comparison.outcome == "worse":
        return (
            f"no winner: the best baseline {baseline} is better than {_name(row)}"
            f" by {-comparison.difference:.3g} ({evidence})"
        )
    return (
        f"no winner: the difference {comparison.difference:+.3g} of {_name(row)} to the best baseline {baseline}"
        f" may be chance ({evidence})"
    )


def _evidence(comparison: Comparison) -> str:
    seeds = counted(comparison.pairs, "seed")
    if comparison.interval is None:
        return f"no interval, {seeds}"
    text = f"95 % interval {comparison.interval.low:+.3g} to {comparison.interval.high:+.3g}, {seeds}"
    return text if comparison.comparisons == 1 else f"{text}, corrected for {comparison.comparisons} candidates"


def _name(row: BoardRow) -> str:
    name = row.label if row.role == "baseline" and row.label else row.line
    return printable(name or row.spec_id, limit=120)
