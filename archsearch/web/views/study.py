"""All that is shown of one study, on its page and in a report."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable
from pathlib import Path

from archsearch.errors import ArchsearchError, counted
from archsearch.findings.failures import Failures, latest_failures
from archsearch.findings.pace import seconds_left
from archsearch.findings.standing import Standing
from archsearch.findings.studies import Progress, progress_of
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.stored import plan_of
from archsearch.web.charts import Chart
from archsearch.web.views.board import Asked, BoardView, view_board
from archsearch.web.views.candidate import task_words
from archsearch.web.views.curves import best_so_far, learning_curves
from archsearch.web.views.importance import step_of
from archsearch.web.views.texts import Texts, stored_texts

FAILURES = 20
"""Failures on the page; there is a page with all of them."""


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
    seconds_left: float | None
    verdict: str
    trouble: str
    board: BoardView | None
    details: Callable[[], Details]

    @property
    def trials_line(self) -> str:
        """The trials by state, in words."""
        found = self.progress
        parts = [f"{number:,} {state}" for state, number in found.trial_states.items() if number]
        if found.repeats:
            parts.append(f"{counted(found.repeats, 'proposal')} repeated an earlier one")
        if found.tried_again:
            parts.append(f"{counted(found.tried_again, 'evaluation')} tried again")
        return ", ".join(parts)

    @property
    def spoken(self) -> str:
        """How far the study is, in a sentence to be read out."""
        found = self.progress
        best = "" if found.best is None else f", best {found.best:.3f}"
        return f"{found.trials} of {found.trials_wanted} trials{best}; {self.row.state}"

    @property
    def seen(self) -> str:
        """What a change of the study would change, as site.js makes it of an event."""
        found = self.progress
        return " ".join(map(str, (found.state, found.trials, *(each.done for each in found.phases))))

    @property
    def importance_step(self) -> int:
        """Another number whenever the importance of holes is to be asked for again."""
        found = self.progress
        return step_of(found.trial_states.get("complete", 0), found.trials_wanted)


def view_study(
    store: Store,
    row: StudyRow,
    standing: Standing | None,
    asked: Asked,
    trouble: str = "",
    tasks_from: Path | None = None,
) -> StudyView:
    """What is shown of a study. Without a standing there is `trouble` with its board."""
    progress = progress_of(store, row)
    return StudyView(
        row=row,
        task=task_words(plan_of(row).task),
        progress=progress,
        seconds_left=seconds_left(store, row, progress.phases),
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
