"""`archsearch status`: the studies in a database, and how far one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.options import AsCsv, AsJson, Storage
from archsearch.cli.output import Record, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import Store, StudyRow

LIST_COLUMNS = ("study", "state", "task", "trials", "trials_wanted", "best", "best_line", "created_at")
PHASE_COLUMNS = ("phase", "done", "planned", "failed")


def status(
    study: Annotated[
        str | None, typer.Argument(metavar="STUDY", help="A study's name or its file; all of them by default.")
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the studies in the database, or say how far one is."""
    wanted = form(as_json, as_csv)
    from archsearch.store import Store
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        record = _list(store) if study is None else _one(store, find_study(store, study))

    def draw(console: Console) -> None:
        from archsearch.cli.render_status import draw_list, draw_one

        document: Any = record.document
        if study is None:
            draw_list(console, document)
        else:
            draw_one(console, document)

    emit(wanted, record, draw)


def _list(store: Store) -> Record:
    rows = [summary(store, row) for row in store.list_studies()]
    return Record({"storage": store.url, "studies": rows}, LIST_COLUMNS, rows)


def summary(store: Store, row: StudyRow) -> dict[str, Any]:
    """A study in one row."""
    from archsearch.study.stored import plan_of

    plan = plan_of(row)
    trials = store.progress(row.id).trials
    best = next(iter(store.best_trials(row.id, 1)), None)
    return {
        "study": row.name,
        "state": row.state,
        "task": plan.task.get("name"),
        "trials": sum(number for state, number in trials.items() if state != "running"),
        "trials_wanted": plan.trials,
        "best": best.value if best else None,
        "best_line": best.line if best else None,
        "created_at": row.created_at,
    }


def _one(store: Store, row: StudyRow) -> Record:
    from archsearch.store.rows import TRIAL_STATES
    from archsearch.study.stored import PHASES, plan_of

    plan, progress = plan_of(row), store.progress(row.id)
    failed = dict.fromkeys(PHASES, 0)
    for attempt in store.failures(row.id):
        failed[attempt.phase] += attempt.final
    phases = [
        {
            "phase": phase,
            "done": progress.runs.get(phase, 0),
            "planned": plan.runs(phase),
            "failed": failed[phase],
        }
        for phase in PHASES
    ]
    document = summary(store, row) | {
        "storage": store.url,
        "trial_states": {state: progress.trials.get(state, 0) for state in TRIAL_STATES},
        "repeats": progress.repeats,
        "tried_again": progress.attempts,
        "phases": phases,
    }
    return Record(document, PHASE_COLUMNS, phases)
