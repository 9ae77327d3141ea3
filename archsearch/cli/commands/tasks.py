"""`archsearch tasks`: the tasks that a study may name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, Value, chosen_form, columns_of, emit
from archsearch.cli.tables import print_line, print_rows, text_of

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.tasks import TaskFinding, TaskOption


def tasks(
    name: Annotated[str | None, typer.Argument(metavar="TASK", help="One task, explained in full.")] = None,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the tasks with their options, defaults and baselines."""
    output = chosen_form(as_json, as_csv)
    from archsearch.findings.tasks import TaskFinding, TaskOption, Tasks, find_task, list_tasks

    described = Tasks((find_task(name, tasks_from),)) if name else list_tasks(tasks_from)
    rows = [_task_row(task, option) for task in described.tasks for option in task.options or (None,)]

    def draw(console: Console) -> None:
        if name:
            _draw_task(console, described.tasks[0])
        else:
            _draw_tasks(console, described.tasks)

    emit(output, Record(described, columns_of(TaskFinding) + columns_of(TaskOption), rows), draw)


def _task_row(task: TaskFinding, option: TaskOption | None) -> dict[str, Value]:
    """A line of the CSV table: an option with the facts of its task, or these alone where it has no options."""
    values = vars(task) | (vars(option) if option else {})
    default = values.get("default")
    return values | {"default": default if isinstance(default, str | int | float | None) else str(default)}


def _draw_tasks(console: Console, tasks: Sequence[TaskFinding]) -> None:
    """Print every task with a line on each of its options."""
    for task in tasks:
        print_line(console, text_of((task.task, "bold"), f"  {task.summary}"))
        for option in task.options:
            bounds = f"   {option.bounds}" if option.bounds else ""
            print_line(console, f"  {option.option}: {_default(option)}{bounds}", wrap=False)
        print_line(console, (f"  baseline {_score(task.baseline)}", "dim"))
    console.print()
    print_line(console, ("`archsearch tasks NAME` explains one; baseline: the score of the best blind guess", "dim"))


def _draw_task(console: Console, task: TaskFinding) -> None:
    """Print everything about one task."""
    print_line(console, text_of((task.task, "bold"), f"  {task.summary}"))
    for line in task.description.split("\n"):
        print_line(console, line, wrap=False)
    console.print()
    if task.options:
        rows = [(option.option, _default(option), option.type, option.bounds) for option in task.options]
        print_rows(console, ("option", "default", "type", "allowed"), rows)
        console.print()
    facts = {name: getattr(task, name) for name in ("loss", "readout", "input_size", "output_size", "longest")}
    words = [f"{name.replace('_', ' ')} {value}" for name, value in facts.items() if value is not None]
    print_line(console, ("; ".join([*words, f"baseline {_score(task.baseline)}"]), "dim"))


def _default(option: TaskOption) -> str:
    return "(required)" if option.required else str(option.default)


def _score(baseline: float | None) -> str:
    return "depends on the options" if baseline is None else f"{baseline:.4g}"


COMMAND = Command("Cells and spaces", tasks)
