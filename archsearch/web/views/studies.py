"""The list of studies."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

from archsearch.schema.states import StudyState
from archsearch.store import Cut, Store, StudyRow, StudySort
from archsearch.study.overview import overview
from archsearch.study.pace import seconds_left

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

    found: dict[str, Any]
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
    found = overview(store, row)
    phases = found["phases"]
    done, planned = (sum(phase[key] for phase in phases) for key in ("done", "planned"))
    return StudyLine(found, done, max(done, planned), seconds_left(store, row, phases))
