"""The board of a phase: its entries, ranked by their mean objective, beside the best baseline."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Mapping, Sequence
from typing import get_args

from archsearch.board.compare import Comparison, compare
from archsearch.board.intervals import Interval, Quartiles, censored_quartiles, mean, t_interval, wilson_interval
from archsearch.schema.score import Phase, Score
from archsearch.store.rows import EntryResult, EntryRow, Role

_PHASES: tuple[Phase, ...] = get_args(Phase)  # in the order in which they follow each other


@dataclasses.dataclass(frozen=True)
class BoardRow:
    """One entry of a phase. Values that no finished run gives are None.

    seeds: counted runs, failed ones included, pruned ones not. objective, test: means over these, a failed seed
    counting as the blind guess. sequences: until solved, failed seeds counting as never. seconds: median of the
    evaluations. ratio, comparison: against the best baseline, paired by seed.
    """

    rank: int
    role: Role
    label: str
    line: str
    arch_id: str
    spec_id: str
    objective: float | None
    interval: Interval | None
    seeds: int
    failed: int
    pruned: int
    solved: int
    solved_interval: Interval | None
    sequences: Quartiles | None
    parameters: int | None
    operations: int | None
    stages: int | None
    seconds: float | None
    test: float | None
    ratio: float | None = None
    comparison: Comparison | None = None


@dataclasses.dataclass(frozen=True)
class Board:
    """A phase's rows by rank. `seeds`: how many each entry is to get; `baseline`: the best one's label, or empty."""

    study: str
    phase: Phase
    rows: tuple[BoardRow, ...]
    note: str
    seeds: int
    baseline: str


@dataclasses.dataclass(frozen=True)
class _Tally:
    """The counted runs of one entry."""

    entry: EntryRow
    objectives: dict[int, float]
    scores: tuple[Score, ...]
    failed: int
    pruned: int
    budget: int | None

    @property
    def order(self) -> tuple[bool, bool, float, int, str, str]:
        """Sorts the best objective first, what was pruned after it; of equals the one with fewer parameters."""
        objective = mean(list(self.objectives.values())) if self.objectives else 0.0
        parameters = self.scores[0].parameters if self.scores else 0
        return (not self.objectives, self.pruned > 0, -objective, parameters, self.entry.label, self.entry.spec_id)


def latest_phase(results: Mapping[Phase, Sequence[EntryResult]]) -> Phase:
    """The latest phase with a counted run, so that no search score is shown where a better one exists."""
    measured = [phase for phase in _PHASES if any(result.runs for result in results.get(phase, ()))]
    return measured[-1] if measured else "search"


def build_board(
    study: str, phase: Phase, results: Sequence[EntryResult], *, trivial: float, seeds: int | None = None
) -> Board:
    """Rank the entries of a phase.

    `trivial` is the blind guess's score, what a failed seed counts as; `seeds` is how many seeds each entry is to
    get (None: as many as any entry has).
    """
    tallies = sorted((_tally(result, trivial) for result in results), key=lambda tally: tally.order)
    measured = [tally for tally in tallies if tally.objectives]
    best = next((tally for tally in measured if tally.entry.role == "baseline"), None)
    candidates = sum(tally.entry.role == "candidate" for tally in measured)
    expected = seeds if seeds is not None else max((len(tally.objectives) for tally in tallies), default=0)
    rows = tuple(
        _against(_row(rank, tally, trivial), tally, best, max(candidates, 1))
        for rank, tally in enumerate(tallies, start=1)
    )
    label = best.entry.label if best else ""
    return Board(study, phase, rows, _note(phase, candidates, expected), expected, label)


def _tally(result: EntryResult, trivial: float) -> _Tally:
    objectives: dict[int, float] = {}
    scores: list[Score] = []
    budgets: list[int] = []
    for run in result.runs:
        if run.failure is not None:
            objectives[run.seed_index] = trivial
        elif run.evaluation is not None and run.evaluation.score is not None:
            objectives[run.seed_index] = run.evaluation.score.objective
            scores.append(run.evaluation.score)
            budgets.append(run.evaluation.key.budget)
    return _Tally(
        entry=result.entry,
        objectives=objectives,
        scores=tuple(scores),
        failed=len(objectives) - len(scores),
        pruned=sum(run.pruned for run in result.runs),
        budget=max(budgets, default=None),
    )


def _row(rank: int, tally: _Tally, trivial: float) -> BoardRow:
    objectives = list(tally.objectives.values())
    scores = tally.scores
    first = scores[0] if scores else None
    solved = sum(score.solved for score in scores)
    until_solved = [score.sequences_to_solve for score in scores] + [None] * tally.failed
    return BoardRow(
        rank=rank,
        role=tally.entry.role,
        label=tally.entry.label,
        line=tally.entry.line,
        arch_id=tally.entry.arch_id,
        spec_id=tally.entry.spec_id,
        objective=mean(objectives) if objectives else None,
        interval=t_interval(objectives),
        seeds=len(objectives),
        failed=tally.failed,
        pruned=tally.pruned,
        solved=solved,
        solved_interval=wilson_interval(solved, len(objectives)),
        sequences=censored_quartiles(until_solved, tally.budget),
        parameters=first.parameters if first else None,
        operations=first.operations if first else None,
        stages=first.stages if first else None,
        seconds=statistics.median(score.seconds for score in scores) if scores else None,
        test=_test_mean(tally, trivial),
    )


def _test_mean(tally: _Tally, trivial: float) -> float | None:
    """The mean test score; None unless every score has one."""
    tests = [score.test for score in tally.scores if score.test is not None]
    if not tests or len(tests) < len(tally.scores):
        return None
    return mean(tests + [trivial] * tally.failed)


def _against(row: BoardRow, tally: _Tally, best: _Tally | None, candidates: int) -> BoardRow:
    if best is None:
        return row
    found = compare(tally.objectives, best.objectives, label=best.entry.label, comparisons=candidates)
    ratio = found.ratio if found else None
    return dataclasses.replace(row, ratio=ratio, comparison=found if row.role == "candidate" else None)


def _note(phase: Phase, candidates: int, seeds: int) -> str:
    if phase == "report":
        return ""
    if phase == "confirm":
        return "confirm scores: the best are still chosen from these, so they look better than they are"
    counted = "1 seed" if seeds == 1 else f"{seeds} seeds"
    return (
        f"search scores, no result: {candidates} candidates with {counted} each;"
        " the best of many looks better than it is"
    )
