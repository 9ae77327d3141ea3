"""A study over time: the best value so far, and how the best entries learn."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from archsearch.board import Board
from archsearch.errors import printable
from archsearch.findings.columns import architecture
from archsearch.schema.phases import Phase
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.web.charts import Chart, Line, Point, thinned
from archsearch.web.views.scores import EVEN, mean_curve

CURVES = 4
"""Entries whose learning curves are shown, beside the best baseline."""

_DOTS = 400
_NAME = 60
_PRUNED = 1  # colour


def best_so_far(store: Store, row: StudyRow) -> Chart:
    """The best value of the search against the trials that have ended, the trials as dots."""
    ended = store.trial_values(row.id)
    complete: list[Point] = []
    pruned: list[Point] = []
    best: list[Point] = []
    for count, (_, state, value) in enumerate(ended, start=1):
        if value is None:
            continue
        (complete if state == "complete" else pruned).append((float(count), value))
        if state == "complete" and (not best or value > best[-1][1]):
            best.append((float(count), value))
    lines = [
        Line("pruned, at its last report", _dots(pruned), "dots", _PRUNED),
        Line("trial", _dots(complete), "dots", EVEN),
    ]
    if best:
        known = [(mean, label) for label, _, mean in store.baselines(row.id, "search") if mean is not None]
        if known:
            mean, label = max(known)
            name = f"best baseline, {printable(label, _NAME)}"
            lines.append(Line(name, ((1.0, mean), (float(max(2, len(ended))), mean)), colour=2))
        lines.append(Line("best so far", (*best, (float(len(ended)), best[-1][1])), "steps", 0))
    shown = tuple(line for line in lines if line.points)
    low, high = _padded([value for line in shown for _, value in line.points])
    return Chart("Best so far", "trials that have ended", "objective of the search", shown, low, high)


def _dots(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple((count, round(value, 4)) for count, value in thinned(points, _DOTS))


def _padded(values: Sequence[float]) -> tuple[float, float]:
    """Bounds of an axis with some room around the values."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = max(0.02, (high - low) * 0.06)
    return max(0.0, low - room), min(1.0, high + room)


def learning_curves(store: Store, row: StudyRow, board: Board) -> Chart:
    """The validation score against training sequences, of the best entries of a phase and the best baseline."""
    best = itertools.islice((each for each in board.rows if each.seeds and each.role == "candidate"), CURVES)
    chosen = [(f"{each.rank} {architecture(each)}", each.spec_id, place) for place, each in enumerate(best)]
    chosen += [
        (f"{label} (baseline)", spec_id, EVEN)
        for label, spec_id, _ in store.baselines(row.id, board.phase)
        if label == board.baseline
    ]
    lines = (_curve(store, row, board.phase, *each) for each in chosen)
    seeds = "" if board.seeds == 1 else ", mean over seeds"
    title = f"How the best learn ({board.phase}{seeds})"
    return Chart(
        title, "training sequences", "validation score", tuple(line for line in lines if line.points), 0.0, 1.0
    )


def _curve(store: Store, row: StudyRow, phase: Phase, name: str, spec_id: str, colour: int) -> Line:
    runs = store.runs(row.id, phase, spec_id)
    scores = [run.evaluation.score for run in runs if run.evaluation and run.evaluation.score]
    return Line(printable(name, _NAME), mean_curve(scores), "straight", colour)
