"""What a study of one cell against others has found on several tasks, as its report tells it. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from archsearch.board import BoardRow, Comparison, build_board, compare
from archsearch.board.intervals import mean
from archsearch.store import EntryResult
from archsearch.store.board_figures import figures_of


@dataclasses.dataclass(frozen=True)
class Draw:
    """A learning rate that was tried in the search; a failed one has the objective of the blind guess."""

    learning_rate: float
    objective: float


@dataclasses.dataclass(frozen=True)
class Setting:
    """The spec that a cell takes part with in the report phase."""

    cell: str
    hidden_size: int
    learning_rate: float


@dataclasses.dataclass(frozen=True)
class Place:
    """A cell on a task: its row of the report phase, its objectives by seed, and how it compares with the reference.

    `against` is None for the reference itself. `draws` are in the order of their learning rates.
    """

    setting: Setting
    row: BoardRow
    objectives: Mapping[int, float]
    against: Comparison | None
    draws: tuple[Draw, ...]

    @property
    def cell(self) -> str:
        """The cell's name."""
        return self.setting.cell


@dataclasses.dataclass(frozen=True)
class TaskBoard:
    """A task and its places, the best first. `trivial` is the blind guess's score, `budget` counts sequences."""

    label: str
    task: Mapping[str, object]
    trivial: float
    budget: int
    places: tuple[Place, ...]

    def place(self, cell: str) -> Place:
        """That of a cell."""
        return next(place for place in self.places if place.cell == cell)

    @property
    def seeds(self) -> int:
        """How many seeds each cell has."""
        return max(place.row.seeds for place in self.places)


@dataclasses.dataclass(frozen=True)
class Found:
    """All tasks, in the order of the study file. Every task has the same cells."""

    reference: str
    boards: tuple[TaskBoard, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells by their mean rank over the tasks, the best first."""
        names = (place.cell for place in self.boards[0].places)
        return tuple(sorted(names, key=lambda cell: (self.mean_rank(cell), cell)))

    def mean_rank(self, cell: str) -> float:
        """The mean of a cell's ranks."""
        return mean([float(board.place(cell).row.rank) for board in self.boards])

    @property
    def comparisons(self) -> int:
        """How many comparisons with the reference there are, which is what each is corrected for."""
        return len(list(self.compared()))

    def compared(self) -> Iterator[tuple[TaskBoard, Place, Comparison]]:
        """Every comparison with the reference."""
        for board in self.boards:
            for place in board.places:
                if place.against is not None:
                    yield board, place, place.against

    def places(self) -> Iterator[Place]:
        """Every cell on every task."""
        for board in self.boards:
            yield from board.places


def place_cells(
    results: Sequence[EntryResult],
    settings: Mapping[str, Setting],
    draws: Mapping[str, Sequence[Draw]],
    *,
    reference: str,
    trivial: float,
    comparisons: int,
) -> tuple[Place, ...]:
    """Rank the report phase's entries, one per cell, and compare each with the reference, paired by seed.

    `settings` are by spec_id, `draws` by cell; `comparisons` is what the intervals are corrected for.
    """
    board = build_board("", "report", list(map(figures_of, results)), trivial=trivial)
    objectives = {result.entry.spec_id: objectives_of(result, trivial) for result in results}
    theirs = next(values for spec_id, values in objectives.items() if settings[spec_id].cell == reference)
    places = []
    for row in board.rows:
        ours, setting = objectives[row.spec_id], settings[row.spec_id]
        tried = sorted(draws.get(setting.cell, ()), key=lambda draw: draw.learning_rate)
        against = None
        if setting.cell != reference:
            against = compare(ours, theirs, label=reference, comparisons=comparisons)
        places.append(Place(setting, row, ours, against, tuple(tried)))
    return tuple(places)


def objectives_of(result: EntryResult, trivial: float) -> dict[int, float]:
    """An entry's objectives by seed; a failed seed counts as the blind guess."""
    found = {}
    for run in result.runs:
        if run.failure is not None:
            found[run.seed_index] = trivial
        elif run.evaluation is not None and run.evaluation.score is not None:
            found[run.seed_index] = run.evaluation.score.objective
    return found
