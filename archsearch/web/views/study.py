"""All that is shown of one study, on its page and in a report."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable
from pathlib import Path

from archsearch.errors import ArchsearchError, InvalidInput, Refused
from archsearch.findings.failures import Failures, latest_failures
from archsearch.findings.standing import Standing
from archsearch.findings.studies import Progress, progress_of
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.importance import LEAST_TRIALS, Importance, importance_of
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.board import Asked, BoardView, view_board
from archsearch.web.views.candidate import task_words
from archsearch.web.views.curves import best_so_far, learning_curves
from archsearch.web.views.texts import Texts, stored_texts

FAILURES = 20
"""Failures on the page; there is a page with all of them."""
STEPS = 6
"""How often a page asks for the importance of holes again while a search runs."""


@dataclasses.dataclass(frozen=True)
class Details:
    """What stands below a study's board, and takes longer to find."""

    charts: tuple[Chart, ...]
    failures: Failures
    definition: Texts
    environments: tuple[tuple[dict[str, object], int], ...]


@dataclasses.dataclass(frozen=True)
class StudyView:
    """A study. `board` is None where it cannot be drawn up, for this `trouble`.

    `details` looks into the store when it is called.
    """

    row: StudyRow
    task: str
    progress: Progress
    verdict: str
    trouble: str
    board: BoardView | None
    details: Callable[[], Details]

    @property
    def importance_step(self) -> int:
        """A number that changes whenever the page asks for the importance of holes again."""
        return importance_step(self.progress.trial_states["complete"], self.progress.trials_wanted)


def view_study(
    store: Store,
    row: StudyRow,
    standing: Standing | None,
    asked: Asked,
    trouble: str = "",
    tasks_from: Path | None = None,
) -> StudyView:
    """What is shown of a study. Without a standing there is `trouble` with its board."""
    return StudyView(
        row=row,
        task=task_words(plan_of(row).task),
        progress=progress_of(store, row),
        verdict="" if standing is None else standing.verdict,
        trouble=trouble,
        board=None if standing is None else view_board(standing, asked),
        details=functools.partial(view_details, store, row, standing, tasks_from),
    )


def view_details(store: Store, row: StudyRow, standing: Standing | None, tasks_from: Path | None = None) -> Details:
    """What is shown below the board."""
    charts = [best_so_far(store, row)]
    if standing is not None:
        charts.append(learning_curves(store, row, standing.board))
    return Details(
        charts=tuple(charts),
        failures=latest_failures(store, row, FAILURES),
        definition=definition_texts(row, tasks_from),
        environments=store.environments(row.id),
    )


@functools.lru_cache(maxsize=32)
def definition_texts(row: StudyRow, tasks_from: Path | None = None) -> Texts:
    """The study and its space as files; of a definition that says too little for that, what it says."""
    try:
        return stored_texts(row, tasks_from)
    except (ArchsearchError, KeyError):
        return Texts("", json.dumps(json.loads(row.definition)["study"], indent=2, ensure_ascii=False))


def view_importance(store: Store, row: StudyRow, tasks_from: Path | None = None) -> Importance | str:
    """The importance of a study's holes, or why it cannot be told; takes seconds where there are many trials."""
    try:
        return importance_of(store, row, tasks_from)
    except InvalidInput as error:
        return error.problems[0].what
    except Refused as error:
        return str(error)


def importance_step(complete: int, planned: int) -> int:
    """Changes a few times while a search runs: when its page asks for the importance again."""
    return complete // max(LEAST_TRIALS, planned // STEPS)
