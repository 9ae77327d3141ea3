"""The board of a phase: its entries, ranked by their mean objective, beside the best baseline."""

from __future__ import annotations

import dataclasses
import functools
import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import overload

from archsearch.board.compare import Comparison, compare
from archsearch.board.intervals import Interval, Quartiles, censored_quartiles, mean, t_interval, wilson_interval
from archsearch.errors import counted
from archsearch.schema.phases import DECISIVE, PHASES, Phase
from archsearch.schema.states import Role
from archsearch.store import Choice
from archsearch.store.board_figures import EntryFigures, RunFigures


@dataclasses.dataclass(frozen=True)
class BoardRow:
    """One entry of a phase. Values that no finished run gives are None.

    seeds: counted runs, failed ones included, pruned ones not. objective, test: means over these, a failed seed
    counting as the blind guess. sequences: until solved, failed seeds counting as never. seconds: median of the
    evaluations. ratio, comparison: against the best baseline, paired by seed. choices: what was chosen for each hole.
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
    choices_text: str = dataclasses.field(default="", repr=False)
    """As JSON, which is parsed when `choices` is read."""

    @functools.cached_property
    def choices(self) -> Mapping[str, Choice]:
        """By hole, in the order in which they were asked; of baselines there are none."""
        return _choices(self.choices_text) if self.choices_text else {}


class LazyRows(Sequence[BoardRow]):
    """The rows of a board, each made when it is read first: of ten thousand a page shows a hundred."""

    def __init__(self, count: int, make: Callable[[int], BoardRow]) -> None:
        self._make = make
        self._made: list[BoardRow | None] = [None] * count

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> BoardRow: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[BoardRow, ...]: ...

    def __getitem__(self, index: int | slice) -> BoardRow | tuple[BoardRow, ...]:
        places = range(len(self._made))[index]
        return tuple(map(self._row, places)) if isinstance(places, range) else self._row(places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _row(self, place: int) -> BoardRow:
        row = self._made[place]
        if row is None:
            row = self._made[place] = self._make(place)
        return row


@dataclasses.dataclass(frozen=True)
class Board:
    """A phase's rows by rank. `seeds`: how many each entry is to get; `baseline`: the best one's label, or empty."""

    study: str
    phase: Phase
    rows: Sequence[BoardRow]
    note: str
    seeds: int
    baseline: str
    choices_texts: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    """The choices of all entries as JSON, by rank."""

    @functools.cached_property
    def values(self) -> Mapping[str, tuple[Choice, ...]]:
        """The holes that any entry has an answer for, in the order in which they appear, each with its answers."""
        answers: dict[str, dict[Choice, None]] = {}
        for text in dict.fromkeys(filter(None, self.choices_texts)):
            for hole, choice in _choices(text).items():
                answers.setdefault(hole, {})[choice] = None
        return {hole: tuple(choices) for hole, choices in answers.items()}

    @functools.cached_property
    def digits(self) -> int:
        """Digits of objectives: two where every interval is wider than the second one, else three."""
        halves = [row.interval.half for row in self.rows if row.interval is not None]
        return 2 if halves and min(halves) >= 0.01 else 3

    @functools.cached_property
    def holes(self) -> tuple[str, ...]:
        """The names of these holes, which are a tenth of the work."""
        return tuple(dict.fromkeys(hole for text in filter(None, self.choices_texts) for hole in _choices(text)))


@functools.lru_cache(maxsize=20_000)
def _choices(text: str) -> Mapping[str, Choice]:
    """Kept, since texts do not change while a study grows: 10,000 trials take 0.22 s with this, 0.30 s without."""
    choices = json.loads(text)
    if not all(isinstance(choice, Choice) for choice in choices.values()):
        raise ValueError("a choice is a text or a number")
    return MappingProxyType(choices)


def latest_phase(runs: Mapping[Phase, int]) -> Phase:
    """The latest phase with a counted run, so that no search score is shown where a better one exists."""
    measured = [phase for phase in PHASES if runs.get(phase)]
    return measured[-1] if measured else PHASES[0]


def build_board(
    study: str, phase: Phase, results: Sequence[EntryFigures], *, trivial: float, seeds: int | None = None
) -> Board:
    """Rank the entries of a phase.

    `trivial` is the blind guess's score, what a failed seed counts as; `seeds` is how many seeds each entry is to
    get (None: as many as any entry has).
    """
    ranked = sorted(results, key=lambda result: _order(result, trivial))
    measured = [result for result in ranked if _counted(result)]
    best = next((result for result in measured if result.entry.role == "baseline"), None)
    label, baseline = (best.entry.label, _objectives(best, trivial)) if best else ("", {})
    candidates = sum(result.entry.role == "candidate" for result in measured)
    expected = seeds if seeds is not None else max((len(_counted(result)) for result in measured), default=0)

    def make(place: int) -> BoardRow:
        objectives = _objectives(ranked[place], trivial)
        comparison = compare(objectives, baseline, label=label, comparisons=max(candidates, 1))
        return _row(place + 1, ranked[place], objectives, trivial, comparison)

    choices = tuple(result.choices for result in ranked)
    note = "; ".join(filter(None, (_note(phase, candidates, expected), _warning(measured))))
    return Board(study, phase, LazyRows(len(ranked), make), note, expected, label, choices)


def _counted(result: EntryFigures) -> list[RunFigures]:
    return [run for run in result.runs if run.state != "pruned"]


def _complete(result: EntryFigures) -> list[RunFigures]:
    return [run for run in result.runs if run.state == "complete"]


def _objectives(result: EntryFigures, trivial: float) -> dict[int, float]:
    """The objectives of counted runs by seed index."""
    return {run.seed_index: run.objective if run.state == "complete" else trivial for run in _counted(result)}


def _order(result: EntryFigures, trivial: float) -> tuple[bool, bool, float, int, str, str]:
    """Sorts the best objective first, what was pruned after it; of equals the one with fewer parameters."""
    runs, scores = _counted(result), _complete(result)
    objectives = [run.objective for run in scores] + [trivial] * (len(runs) - len(scores))
    objective = mean(objectives) if objectives else 0.0
    pruned, parameters = len(runs) < len(result.runs), scores[0].parameters if scores else 0
    return (not runs, pruned, -objective, parameters, result.entry.label, result.entry.spec_id)


def _row(
    rank: int, result: EntryFigures, objectives: Mapping[int, float], trivial: float, comparison: Comparison | None
) -> BoardRow:
    entry, values, scores = result.entry, list(objectives.values()), _complete(result)
    first = scores[0] if scores else None
    failed = len(values) - len(scores)
    solved = sum(score.solved for score in scores)
    until_solved = [score.sequences_to_solve for score in scores] + [None] * failed
    return BoardRow(
        rank=rank,
        role=entry.role,
        label=entry.label,
        line=entry.line,
        arch_id=entry.arch_id,
        spec_id=entry.spec_id,
        objective=mean(values) if values else None,
        interval=t_interval(values),
        seeds=len(values),
        failed=failed,
        pruned=len(result.runs) - len(values),
        solved=solved,
        solved_interval=wilson_interval(solved, len(values)),
        sequences=censored_quartiles(until_solved, first.budget if first else None),  # one spec, one budget
        parameters=first.parameters if first else None,
        operations=first.operations if first else None,
        stages=first.stages if first else None,
        seconds=statistics.median(score.seconds for score in scores) if scores else None,
        test=_test_mean(scores, [trivial] * failed),
        ratio=comparison.ratio if comparison else None,
        comparison=comparison if entry.role == "candidate" else None,
        choices_text=result.choices,
    )


def _test_mean(scores: Sequence[RunFigures], failed: Sequence[float]) -> float | None:
    """The mean test score; None unless every score has one."""
    tests = [score.test for score in scores if score.test is not None]
    return mean([*tests, *failed]) if tests and len(tests) == len(scores) else None


def _note(phase: Phase, candidates: int, seeds: int) -> str:
    if phase == DECISIVE:
        return ""
    if phase == "confirm":
        return "confirm scores: the best are still chosen from these, so they look better than they are"
    return (
        f"search scores, no result: {counted(candidates, 'candidate')} with {counted(seeds, 'seed')} each;"
        " the best of many looks better than it is"
    )


def _warning(measured: Sequence[EntryFigures]) -> str:
    """What is wrong where no cell has learnt anything: a squared error's score is cut at 0."""
    scores = (run.objective for result in measured for run in result.runs if run.state == "complete")
    if next(scores, None) != 0 or any(scores):
        return ""
    return (
        "every score is 0: no cell predicts better than a constant. Training may be too short, or the targets too far"
        " from 0 (the task sequences brings them there: standardise: [targets])"
    )
