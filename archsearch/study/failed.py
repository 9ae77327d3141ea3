"""What failed in a stored study, and why, as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from archsearch.space.line import choices_line
from archsearch.store import Store, StudyRow

if TYPE_CHECKING:
    from archsearch.store.pages import FailureRow


@dataclasses.dataclass(frozen=True)
class Failures:
    """Some failures, the latest first; `total` and `kinds` count all, the most frequent kind first."""

    total: int
    kinds: Mapping[str, int]
    latest: tuple[dict[str, Any], ...]


def latest_failures(store: Store, row: StudyRow, count: int | None = None, offset: int = 0) -> Failures:
    """Failed attempts and refused proposals: the latest `count`, by default all, but for `offset` that are later."""
    found = store.page_failures(row.id, count, offset)
    specs = {each.spec_id for each in found.rows if each.spec_id is not None}
    lines = store.lines(row.id, specs) if specs else {}
    return Failures(sum(found.kinds.values()), found.kinds, tuple(_values(each, lines) for each in found.rows))


def _values(failure: FailureRow, lines: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": failure.at,
        "phase": failure.phase,
        "kind": failure.kind,
        "final": failure.final,
        "attempt": failure.attempt,
        "seed_index": failure.seed_index,
        "spec_id": failure.spec_id,
        "line": lines.get(failure.spec_id or "", "") if failure.choices is None else choices_line(failure.choices),
        "reason": failure.reason,
    }
