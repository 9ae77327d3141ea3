"""Which holes of a study matter, or why that cannot be said yet."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from archsearch.errors import InvalidInput, Refused
from archsearch.findings.columns import hole_name
from archsearch.store import StudyRow
from archsearch.store.pages import Cut, TrialFilter
from archsearch.store.store import Store
from archsearch.study.importance import LEAST_TRIALS, HoleShare, importance
from archsearch.web.views.board import Asked

STEPS = 6
"""How often a page asks again while a search runs."""


@dataclasses.dataclass(frozen=True)
class ImportanceView:
    """The holes, the most important first, or the `reason` why there are none."""

    study: str
    holes: tuple[HoleShare, ...]
    reason: str = ""

    def address(self, hole: str) -> str:
        """The board of the search, sorted by a hole's choices."""
        return Asked(self.study, "search", hole_name(hole)).at()


def view_importance(store: Store, row: StudyRow, tasks_from: Path | None = None) -> ImportanceView:
    """The importance of a study's holes; takes seconds where there are many trials."""
    from archsearch.study.definition import read_definition

    complete = store.page_trials(row.id, "number", Cut(0), TrialFilter(state="complete")).total
    if complete < LEAST_TRIALS:
        needs = f"It takes {LEAST_TRIALS} complete trials to tell which choices matter"
        return ImportanceView(row.name, (), f"{needs}; there {'is 1' if complete == 1 else f'are {complete}'}.")
    try:
        return ImportanceView(row.name, importance(read_definition(row.definition, tasks_from), store))
    except InvalidInput as error:
        return ImportanceView(row.name, (), f"It cannot be told here: {error.problems[0].what}.")
    except Refused as error:
        return ImportanceView(row.name, (), f"It cannot be told: {error}.")


def step_of(complete: int, planned: int) -> int:
    """Changes a few times while a search runs: when its page asks for the importance again."""
    return complete // max(LEAST_TRIALS, planned // STEPS)
