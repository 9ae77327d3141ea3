"""`archsearch tasks`: the tasks that a study may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, Value, emit, form

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.tasks import Task, TaskOption

COLUMNS = ("task", "option", "type", "default", "bounds", "loss", "readout", "baseline", "summary")


def tasks(
    name: Annotated[str | None, typer.Argument(metavar="TASK", help="One task, explained in full.")] = None,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the tasks with their options, defaults and baselines."""
    wanted = form(as_json, as_csv)
    from archsearch.findings.tasks import Tasks, find_task, list_tasks

    described = Tasks((find_task(name, tasks_from),)) if name else list_tasks(tasks_from)
    rows = [_task_row(task, option) for task in described.tasks for option in task.options or (None,)]

    def draw(console: Console) -> None:
        from archsearch.cli.render_catalogue import draw_task, draw_tasks

        if name:
            draw_task(console, described.tasks[0])
        else:
            draw_tasks(console, described.tasks)

    emit(wanted, Record(described, COLUMNS, rows), draw)


def _task_row(task: Task, option: TaskOption | None) -> dict[str, Value]:
    """A line of the CSV table: an option with the facts of its task, or these alone where it has no options."""
    values = vars(task) | (vars(option) if option else {})
    default = values.get("default")
    plain = default if isinstance(default, str | int | float | None) else str(default)
    return {name: values.get(name) for name in COLUMNS} | {"default": plain}


COMMAND = Command("Cells and spaces", tasks)
