"""`archsearch cells` and `archsearch tasks`: what may be named in a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize, TasksFrom
from archsearch.cli.output import Record, emit, form
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE

if TYPE_CHECKING:
    from rich.console import Console

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
    from archsearch.study.task_choice import task_names
    from archsearch.study.task_facts import describe_task

    described = [describe_task(each, tasks_from) for each in ([name] if name else task_names(tasks_from))]
    rows = [_task_row(task, option) for task in described for option in task["options"] or [{}]]

    def draw(console: Console) -> None:
        from archsearch.cli.render_catalogue import draw_task, draw_tasks

        if name:
            draw_task(console, described[0])
        else:
            draw_tasks(console, described)

    emit(wanted, Record({"tasks": described}, TASK_COLUMNS, rows), draw)


def _task_row(task: dict[str, Any], option: dict[str, Any]) -> dict[str, Any]:
    row = {"task": task["task"], "loss": task["loss"], "readout": task["readout"]}
    row |= {"baseline": task["baseline"], "summary": task["summary"]}
    if option:
        default = option["default"]
        row |= {"option": option["option"], "type": option["type"], "bounds": option["bounds"]}
        row |= {"default": default if isinstance(default, str | int | float | None) else str(default)}
    return row
