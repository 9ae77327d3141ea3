"""What stands beside the results of a study: that every candidate failed, or that time has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archsearch.errors import counted, printable
from archsearch.schema.states import COMPLETED

if TYPE_CHECKING:
    from archsearch.store import Counts, StudyRow
    from archsearch.store.store import Store


def every_candidate_failed(store: Store, row: StudyRow, progress: Counts) -> str:
    """For a study at its end without a candidate that was evaluated: a sentence with the most frequent reason."""
    if row.state not in COMPLETED or set(progress.trials) != {"failed"}:
        return ""
    usual = store.usual_failure(row.id)
    most = f", most often with {printable(usual[0], 200)} ({counted(usual[1], 'time')})" if usual else ""
    return f"every candidate failed: {progress.trials['failed']:,} of them{most}"


def not_reproducible(progress: Counts) -> str:
    """For a study in which a time limit has failed evaluations: that its results depend on the machine's load."""
    if not progress.late:
        return ""
    return f"not reproducible: {counted(progress.late, 'evaluation')} met limits.seconds three times"


def caveats(store: Store, row: StudyRow, progress: Counts) -> str:
    """All of this, in one line; empty for most studies."""
    return "; ".join(filter(None, (every_candidate_failed(store, row, progress), not_reproducible(progress))))
