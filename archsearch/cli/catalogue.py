"""`archsearch cells` and `archsearch tasks`: what may be named in a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize, TasksFrom
from archsearch.cli.output import Record, Value, emit, form
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.tasks import Task, TaskOption

CELL_COLUMNS = ("name", "cell", "wiring", "arch_id", "stages", "parameters", "operations", "source")
TASK_COLUMNS = ("task", "option", "type", "default", "bounds", "loss", "readout", "baseline", "summary")


def cells(
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the shipped cells and wirings, with what one layer costs."""
    wanted = form(as_json, as_csv)
    from archsearch.findings.cells import shipped_cells

    rows = shipped_cells(input_size, hidden_size)
    document = {"input_size": input_size, "hidden_size": hidden_size, "cells": rows}

    def draw(console: Console) -> None:
        from archsearch.cli.render_catalogue import draw_cells

        draw_cells(console, document)

    emit(wanted, Record(document, CELL_COLUMNS, rows), draw)


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

    emit(wanted, Record(described, TASK_COLUMNS, rows), draw)


def _task_row(task: Task, option: TaskOption | None) -> dict[str, Value]:
    """A line of the CSV table: an option with the facts of its task, or these alone where it has no options."""
    values = vars(task) | (vars(option) if option else {})
    default = values.get("default")
    plain = default if isinstance(default, str | int | float | None) else str(default)
    return {name: values.get(name) for name in TASK_COLUMNS} | {"default": plain}
