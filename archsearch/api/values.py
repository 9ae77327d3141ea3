"""From what the store and the board say to the API's documents."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from archsearch.api import documents

if TYPE_CHECKING:
    from archsearch.store import RunRow, Store, StudyRow, TrialRow
    from archsearch.study.standing import Standing


def summary_of(store: Store, row: StudyRow) -> documents.StudySummary:
    """A study in one row."""
    from archsearch.study.overview import summary

    return documents.StudySummary(**summary(store, row))


def progress_of(store: Store, row: StudyRow) -> documents.Progress:
    """How far a study is."""
    return documents.Progress(**_overview(store, row))


def study_of(store: Store, row: StudyRow, standing: Standing) -> documents.Study:
    """A study with its definition and the verdict."""
    definition = finite(json.loads(row.definition))
    said: dict[str, Any] = {"verdict": standing.verdict, "decided": standing.decided}
    return documents.Study(**_overview(store, row), **said, definition=definition)


def _overview(store: Store, row: StudyRow) -> dict[str, Any]:
    from archsearch.study.overview import overview

    found = overview(store, row)
    return found | {"phases": tuple(documents.PhaseCounts(**each) for each in found["phases"])}


def trial_of(row: TrialRow) -> documents.Trial:
    """A trial."""
    return documents.Trial(**{name: getattr(row, name) for name in documents.Trial.__dataclass_fields__})


def evaluation_of(run: RunRow) -> documents.Evaluation:
    """An evaluation, or the failure in its place."""
    names: dict[str, Any] = {"phase": run.phase, "spec_id": run.spec_id, "seed_index": run.seed_index}
    if run.failure is not None:
        kind, reason = run.failure.kind, run.failure.reason
        return documents.Evaluation(id=None, state="failed", **names, failure=kind, reason=reason)
    found = run.evaluation
    assert found is not None
    values: dict[str, Any] = {}
    if found.score is not None:
        values = {name: value for name, value in found.score.model_dump().items() if name in _EVALUATION_FIELDS}
    values |= {
        "id": found.id,
        "state": found.state,
        "seed": str(found.key.seed),  # more digits than JavaScript's numbers have
        "budget": found.key.budget,
        "backend": found.key.backend,
        "seconds": found.seconds,
        "environment": found.environment,
        "finished_at": found.finished_at,
    }
    return documents.Evaluation(**names, **values)


_EVALUATION_FIELDS = frozenset(documents.Evaluation.__dataclass_fields__)


def finite(value: Any) -> Any:
    """Plain data with null in place of what JSON does not know."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
