"""The scores of a spec seed by seed in every phase, and charts over time: of a spec, and of a study."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

from archsearch.board import Board, BoardRow, build_board
from archsearch.board.intervals import mean
from archsearch.errors import InvalidInput, counted, printable
from archsearch.findings.columns import architecture
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Score
from archsearch.schema.states import Role
from archsearch.store import EntryResult, EntryRow, RunRow, StudyRow
from archsearch.store.board_figures import figures_of
from archsearch.store.store import Store
from archsearch.study.entries import Entry
from archsearch.study.stored import plan_of, trivial_score
from archsearch.web.charts import Chart, Point, Series, thinned

EVEN = 7
"""The colour of single seeds beside their mean."""
SEEDS = 30
"""Seeds that have a line of their own: more hide each other, and a study may have a thousand."""
CURVES = 4
"""Entries of a board whose learning curves are shown, beside the best baseline."""
_POINTS = 200  # of a line of a seed
_DOTS = 400
_NAME = 60
_PRUNED = 1  # colour


@dataclasses.dataclass(frozen=True)
class PhaseScores:
    """The runs of a spec in a phase, of `planned` seeds; `row` sums them up, None where nothing has been counted.

    `unknown` says why a row with failed seeds cannot be summed up.
    """

    phase: Phase
    planned: int
    runs: tuple[RunRow, ...]
    row: BoardRow | None
    unknown: str = ""

    @property
    def scores(self) -> tuple[Score, ...]:
        """The scores of the complete runs."""
        return tuple(run.score for run in self.runs if run.score)

    @property
    def budget(self) -> int | None:
        """Training sequences of a run."""
        return next((run.evaluation.key.budget for run in self.runs if run.evaluation), None)


def scores_of(store: Store, entry: Entry, tasks_from: Path | None = None) -> tuple[PhaseScores, ...]:
    """The scores in every phase that the spec takes part in, the latest first."""
    return tuple(_phase(store, entry, phase, tasks_from) for phase in reversed(PHASES) if phase in entry.phases)


def _phase(store: Store, entry: Entry, phase: Phase, tasks_from: Path | None) -> PhaseScores:
    runs = store.runs(entry.row.id, phase, entry.spec.spec_id)
    plan = plan_of(entry.row)
    spec = entry.spec
    role: Role = "baseline" if entry.label else "candidate"
    named = EntryRow(phase, role, entry.label, spec.spec_id, None, spec.arch_id, spec.line)
    unknown = ""
    row: BoardRow | None = None
    try:
        trivial = trivial_score(plan, tasks_from) if any(run.failure for run in runs) else 0.0
        board = build_board(entry.row.name, phase, [figures_of(EntryResult(named, runs))], trivial=trivial)
        row = next((entry for entry in board.rows if entry.seeds), None)
    except InvalidInput as error:  # a task of the user's own that is not at hand
        unknown = error.problems[0].what
    return PhaseScores(phase, plan.seeds(phase), runs, row, unknown)


def curves(phases: Sequence[PhaseScores]) -> tuple[Chart, ...]:
    """A chart for each phase with a complete run: the first seeds, and the mean of all."""
    return tuple(_chart(phase) for phase in phases if phase.scores)


def _chart(phase: PhaseScores) -> Chart:
    scores = phase.scores
    if len(scores) == 1:
        lines: tuple[Series, ...] = (_line("the seed", scores[0]),)
    else:
        name = "a seed"
        if len(scores) > SEEDS:
            name = f"one of the first {SEEDS} of {len(scores):,} seeds; the others are in the mean alone"
        seeds = (dataclasses.replace(_line(name, score), style="thin", colour=EVEN) for score in scores[:SEEDS])
        lines = (*seeds, Series("mean, a solved seed counting 1 from then on", mean_curve(scores)))
    return learning_chart(f"{phase.phase}: {counted(len(scores), 'seed')}", lines)


def learning_chart(title: str, lines: tuple[Series, ...]) -> Chart:
    """Validation scores against training sequences."""
    return Chart(title, "training sequences", "validation score", lines, 0.0, 1.0)


def _line(name: str, score: Score) -> Series:
    return Series(name, thinned([(float(at), value) for at, value in score.curve], _POINTS))


def mean_curve(scores: Sequence[Score]) -> tuple[Point, ...]:
    """The mean over runs at each check; a run that has ended counts 1 where it solved the task, else its last value."""
    places = sorted({at for score in scores for at, _ in score.curve})
    known = [dict(score.curve) for score in scores]
    latest: list[float | None] = [None] * len(scores)
    points = []
    for place in places:
        for index, score in enumerate(scores):
            ended = score.sequences_to_solve is not None and place > score.sequences_to_solve
            latest[index] = 1.0 if ended else known[index].get(place, latest[index])
        values = [value for value in latest if value is not None]
        if len(values) == len(scores):
            points.append((float(place), mean(values)))
    return tuple(points)


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
        Series("pruned, at its last report", _dots(pruned), "dots", _PRUNED),
        Series("trial", _dots(complete), "dots", EVEN),
    ]
    if best:
        known = [(mean, label) for label, _, mean in store.baselines(row.id, "search") if mean is not None]
        if known:
            mean, label = max(known)
            name = f"best baseline, {printable(label, _NAME)}"
            lines.append(Series(name, ((1.0, mean), (float(max(2, len(ended))), mean)), colour=2))
        lines.append(Series("best so far", (*best, (float(len(ended)), best[-1][1])), "steps", 0))
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
    best = itertools.islice((entry for entry in board.rows if entry.seeds and entry.role == "candidate"), CURVES)
    chosen = [(f"{entry.rank} {architecture(entry)}", entry.spec_id, colour) for colour, entry in enumerate(best)]
    chosen += [
        (f"{label} (baseline)", spec_id, EVEN)
        for label, spec_id, _ in store.baselines(row.id, board.phase)
        if label == board.baseline
    ]
    lines = []
    for name, spec_id, colour in chosen:
        scores = [run.score for run in store.runs(row.id, board.phase, spec_id) if run.score]
        lines.append(Series(printable(name, _NAME), mean_curve(scores), colour=colour))
    seeds = "" if board.seeds == 1 else ", mean over seeds"
    title = f"How the best learn ({board.phase}{seeds})"
    return learning_chart(title, tuple(line for line in lines if line.points))
