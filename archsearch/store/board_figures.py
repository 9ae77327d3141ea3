"""What a board takes from a study: of each run the figures that it shows, none of the texts beside them."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from archsearch.store import EndState, EntryResult, EntryRow, RunRow


class RunFigures(NamedTuple):
    """What a board takes from a run; of one that is not complete nothing but its seed and its state."""

    seed_index: int
    state: EndState
    objective: float = 0.0
    test: float | None = None
    solved: bool = False
    sequences_to_solve: int | None = None
    parameters: int = 0
    operations: int = 0
    stages: int = 0
    seconds: float = 0.0
    budget: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class EntryFigures:
    """What a board takes from an entry. `choices`: those of its first trial as JSON, empty where there is none."""

    entry: EntryRow
    runs: tuple[RunFigures, ...]
    choices: str = ""


def figures_of(result: EntryResult) -> EntryFigures:
    """What a board takes from an entry that has been read in full; of its choices nothing is known."""
    return EntryFigures(result.entry, tuple(map(_figures, result.runs)))


def _figures(run: RunRow) -> RunFigures:
    evaluation = run.evaluation
    if evaluation is None or evaluation.score is None:
        return RunFigures(run.seed_index, "failed" if evaluation is None else "pruned")
    scored = {name: getattr(evaluation.score, name) for name in RunFigures._fields[2:-1]}
    return RunFigures(run.seed_index, "complete", **scored, budget=evaluation.key.budget)
