"""What failed in a stored study, and why."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from archsearch.schema.phases import Phase
from archsearch.space.line import choices_line

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class Failure:
    """A failed attempt, `final` when it was not tried again; of a proposal that makes no cell the kind is "no cell"."""

    at: str
    phase: Phase
    kind: str
    final: bool
    attempt: int
    seed_index: int | None
    spec_id: str | None
    line: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Failures:
    """Some failures, the latest first; `total` and `kinds` count all."""

    study: str
    total: int
    kinds: dict[str, int]
    failures: tuple[Failure, ...]


def latest_failures(store: Store, row: StudyRow, count: int | None = None, offset: int = 0) -> Failures:
    """The latest `count` failed attempts and refused proposals, by default all, after the first `offset` of them."""
    page = store.page_failures(row.id, count, offset)
    specs = {failure.spec_id for failure in page.rows if failure.spec_id is not None}
    lines = store.lines(row.id, specs) if specs else {}
    shown = []
    for failure in page.rows:
        values = dict(vars(failure))
        choices = values.pop("choices")
        line = lines.get(failure.spec_id or "", "") if choices is None else choices_line(choices)
        shown.append(Failure(**values, line=line))
    return Failures(row.name, sum(page.kinds.values()), page.kinds, tuple(shown))
