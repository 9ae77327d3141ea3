"""`archsearch importance`: which holes set the best candidates apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archsearch.cli.options import AsCsv, AsJson, Storage, StudyName, TasksFrom
from archsearch.cli.output import Record, emit, form
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("hole", "share")


def importance(
    study: StudyName,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Say which holes set the best trials of the search apart."""
    wanted = form(as_json, as_csv)
    from archsearch.store import Store
    from archsearch.study.definition import read_definition
    from archsearch.study.importance import importance as measure
    from archsearch.study.stored import find_study

    with Store.read(storage) as store:
        row = find_study(store, study)
        found = measure(read_definition(row.definition, tasks_from), store)
    rows: list[dict[str, Any]] = [{"hole": each.hole, "share": each.share} for each in found]
    document = {"study": row.name, "importance": rows}

    def draw(console: Console) -> None:
        from archsearch.cli.render_importance import draw_importance

        draw_importance(console, document)

    emit(wanted, Record(document, COLUMNS, rows), draw)
