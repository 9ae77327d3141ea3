"""What failed in a stored study, and why."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from archsearch.store import FailedAttempt

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Failures:
    """Some failures, the latest first; `total` and `kinds` count all."""

    study: str
    total: int
    kinds: dict[str, int]
    failures: tuple[FailedAttempt, ...]


def latest_failures(store: Store, row: StudyRow, count: int | None = None, offset: int = 0) -> Failures:
    """The latest `count` failed attempts and refused proposals, by default all, after the first `offset` of them."""
    failures, kinds = store.failures(row.id, count, offset), store.failure_kinds(row.id)
    return Failures(row.name, sum(kinds.values()), kinds, failures)
