"""The list of studies."""

from __future__ import annotations

import dataclasses
from typing import get_args

from archsearch.findings.pace import seconds_left
from archsearch.findings.studies import Progress, progress_of
from archsearch.schema.states import StudyState
from archsearch.store import StudyRow
from archsearch.store.pages import Cut, StudySort
from archsearch.store.store import Store

PAGE = 25
SORTS: tuple[StudySort, ...] = get_args(StudySort)


@dataclasses.dataclass(frozen=True)
class Asked:
    """Which studies are asked for, as it stands in the address."""

    name: str = ""
    state: StudyState | None = None
    sort: StudySort = "created_at"
    descending: bool = True
    offset: int = 0

    @property
    def key(self) -> str:
        """By what the list is sorted."""
        return self.sort


@dataclasses.dataclass(frozen=True)
class StudyLine:
    """A study in one row. `done` of `planned` evaluations of all phases have ended."""

    found: Progress
    done: int
    planned: int
    seconds_left: float | None


@dataclasses.dataclass(frozen=True)
class StudyList:
    """A page of the list; `total` studies pass the filters."""

    asked: Asked
    total: int
    rows: tuple[StudyLine, ...]


def list_studies(store: Store, asked: Asked) -> StudyList:
    """The studies that are asked for."""
    cut = Cut(PAGE, asked.offset, asked.descending)
    page = store.page_studies(asked.sort, cut, asked.name or None, asked.state)
    return StudyList(asked, page.total, tuple(_line(store, row) for row in page.rows))


def _line(store: Store, row: StudyRow) -> StudyLine:
    found = progress_of(store, row)
    done = sum(phase.done for phase in found.phases)
    planned = sum(phase.planned for phase in found.phases)
    return StudyLine(found, done, max(done, planned), seconds_left(store, row, found.phases))
