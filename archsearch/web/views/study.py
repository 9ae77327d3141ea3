"""All that is shown of one study, on its page and in a report."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from archsearch.errors import ArchsearchError, InvalidInput, Refused
from archsearch.findings.boards import Standing
from archsearch.findings.evaluations import Failures, latest_failures
from archsearch.findings.studies import progress_of
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.importance import LEAST_TRIALS, Importance, importance_of
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.board import Asked, view_board
from archsearch.web.views.scores import best_so_far, learning_curves
from archsearch.web.views.texts import Texts, stored_texts

FAILURES = 20
"""Failures on the page; there is a page with all of them."""
STEPS = 6
"""How often a page asks for the importance of holes again while a search runs."""


class StudyView:
    """A study: its head and board, found at once, and below them what takes longer, each cached property a panel.

    The page and the report show the panels in the order of this class, each by the template `study/<name>.html`, which
    reads the property, and so the store. `board` is None where it cannot be drawn up, for this `trouble`.
    """

    def __init__(
        self,
        store: Store,
        row: StudyRow,
        standing: Standing | None,
        asked: Asked,
        trouble: str = "",
        tasks_from: Path | None = None,
    ) -> None:
        self.row = row
        self.task = plan_of(row).task_words
        self.progress = progress_of(store, row)
        self.verdict = "" if standing is None else standing.verdict
        self.trouble = trouble
        self.board = None if standing is None else view_board(standing, asked)
        self._store = store
        self._standing = standing
        self._tasks_from = tasks_from

    @classmethod
    def panels(cls) -> list[str]:
        """The names of the panels in their order."""
        return [name for name, value in vars(cls).items() if isinstance(value, functools.cached_property)]

    @functools.cached_property
    def charts(self) -> tuple[Chart, ...]:
        """The study over time."""
        best = best_so_far(self._store, self.row)
        standing = self._standing
        return (best,) if standing is None else (best, learning_curves(self._store, self.row, standing.board))

    @functools.cached_property
    def importance(self) -> Importance | str:
        """The importance of the study's holes, or why it cannot be told."""
        return view_importance(self._store, self.row, self._tasks_from)

    @functools.cached_property
    def failures(self) -> Failures:
        """The latest failures."""
        return latest_failures(self._store, self.row, FAILURES)

    @functools.cached_property
    def definition(self) -> Texts:
        """The study and its space as files."""
        return definition_texts(self.row, self._tasks_from)

    def environments(self) -> tuple[tuple[dict[str, object], int], ...]:
        """Where the study ran, with the number of evaluations there."""
        return self._store.environments(self.row.id)

    @property
    def importance_step(self) -> int:
        """A number that changes whenever the page asks for the importance of holes again."""
        return importance_step(self.progress.trial_states["complete"], self.progress.trials_wanted)


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
