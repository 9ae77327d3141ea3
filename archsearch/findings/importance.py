"""Which holes of a study matter."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from archsearch.study.importance import HoleShare, importance

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Importance:
    """The holes of a study, the most important first."""

    study: str
    importance: tuple[HoleShare, ...]


def importance_of(store: Store, row: StudyRow, tasks_from: Path | None = None) -> Importance:
    """The importance of a study's holes; `Refused` where there are too few trials to tell."""
    from archsearch.study.definition import read_definition

    return Importance(row.name, importance(read_definition(row.definition, tasks_from), store))
