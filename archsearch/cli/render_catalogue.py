"""Lists of cells and tasks as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import clipped, plain_table, print_table
from archsearch.spelling import compact

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.tasks import Task, TaskOption


def draw_cells(console: Console, found: Mapping[str, Any]) -> None:
    """Print the cells; of each source only the first sentence that fits."""
    table = plain_table("name", ">stages", ">parameters", ">operations", "source")
    for row in found["cells"]:
        name = row["name"] if row["cell"] else f"{row['name']} (wiring)"
        numbers = (str(row["stages"]), compact(row["parameters"]), compact(row["operations"]))
        source = visible(" ".join(row["source"].split()))
        table.add_row(Text(visible(name)), *map(Text, numbers), clipped(source, "dim"))
    print_table(console, table)
    sizes = f"input size {found['input_size']}, hidden size {found['hidden_size']}"
    console.print(Text(f"one layer, per step, {sizes}; `archsearch show NAME` has the equations", "dim"))


def draw_tasks(console: Console, tasks: Sequence[Task]) -> None:
    """Print every task with a line on each of its options."""
    for task in tasks:
        console.print(Text(visible(task.task), "bold"), Text(f"  {visible(task.summary)}"), sep="")
        for option in task.options:
            console.print(Text(f"  {visible(_option_line(option))}"), soft_wrap=True)
        console.print(Text(f"  baseline {_score(task.baseline)}", "dim"))
    console.print(Text("\n`archsearch tasks NAME` explains one; baseline: the score of the best blind guess", "dim"))


def draw_task(console: Console, task: Task) -> None:
    """Print everything about one task."""
    console.print(Text(visible(task.task), "bold"), Text(f"  {visible(task.summary)}"), sep="")
    for line in task.description.split("\n"):
        console.print(Text(visible(line)), soft_wrap=True)
    console.print()
    if task.options:
        print_table(console, _options(task.options))
        console.print()
    facts = {name: getattr(task, name) for name in ("loss", "readout", "input_size", "output_size", "longest")}
    words = [f"{name.replace('_', ' ')} {value}" for name, value in facts.items() if value is not None]
    console.print(Text("; ".join([*words, f"baseline {_score(task.baseline)}"]), "dim"))


def _options(options: Sequence[TaskOption]) -> Table:
    table = plain_table("option", "default", "type", "allowed")
    for option in options:
        cells = (option.option, _default(option), option.type, option.bounds)
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table


def _option_line(option: TaskOption) -> str:
    bounds = f"   {option.bounds}" if option.bounds else ""
    return f"{option.option}: {_default(option)}{bounds}"


def _default(option: TaskOption) -> str:
    return "(required)" if option.required else str(option.default)


def _score(baseline: float | None) -> str:
    return "depends on the options" if baseline is None else f"{baseline:.4g}"
