"""`archsearch failures`: what failed in a study, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from archsearch.cli.options import AsCsv, AsJson, Limit, Storage, StudyName
from archsearch.cli.output import Record, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import Store, StudyRow

COLUMNS = ("at", "phase", "kind", "final", "attempt", "seed_index", "spec_id", "line", "reason")


def failures(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what failed in a study, the latest last, each with its reason."""
    wanted = form(as_json, as_csv)
    from archsearch.store import Store
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        row = find_study(store, study)
        found = _attempts(store, row) + _refusals(store, row)
    found.sort(key=lambda failure: str(failure["at"]))
    kinds = Counter(str(failure["kind"]) for failure in found)
    shown = found[-limit:] if limit else found
    document = {"study": row.name, "total": len(found), "kinds": dict(kinds.most_common()), "failures": shown}

    def draw(console: Console) -> None:
        from archsearch.cli.render_failures import draw_failures

        draw_failures(console, document)

    emit(wanted, Record(document, COLUMNS, shown), draw)


def _attempts(store: Store, row: StudyRow) -> list[dict[str, Any]]:
    from archsearch.study.stored import PHASES

    lines = {
        entry.spec_id: entry.label if entry.role == "baseline" else entry.line
        for phase in PHASES
        for entry in store.entries(row.id, phase)
    }
    return [
        {
            "at": attempt.at,
            "phase": attempt.phase,
            "kind": attempt.kind,
            "final": attempt.final,
            "attempt": attempt.attempt,
            "seed_index": attempt.seed_index,
            "spec_id": attempt.spec_id,
            "line": lines.get(attempt.spec_id, ""),
            "reason": attempt.reason,
        }
        for attempt in store.failures(row.id)
    ]


def _refusals(store: Store, row: StudyRow) -> list[dict[str, Any]]:
    """Proposals of which no cell could be made: they never became an evaluation."""
    refused = [trial for trial in store.trials(row.id, "failed") if trial.spec_id is None]
    if not refused:
        return []
    from archsearch.space.line import choices_line

    return [
        {
            "at": trial.finished_at or trial.proposed_at,
            "phase": "search",
            "kind": "no cell",
            "final": True,
            "attempt": 1,
            "seed_index": None,
            "spec_id": None,
            "line": choices_line(trial.choices),
            "reason": trial.reason,
        }
        for trial in refused
    ]
