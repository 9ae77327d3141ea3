"""What is known of a task without drawing from it: its options with their bounds, its baseline, its description."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch import registry
from archsearch.errors import InvalidInput

if TYPE_CHECKING:
    from archsearch.tasks import Task

_BOUNDS = (
    ("minimum", ">= {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "<= {}"),
    ("exclusiveMaximum", "< {}"),
    ("maxLength", "at most {} characters"),
)


@dataclasses.dataclass(frozen=True)
class TaskOption:
    """An option of a task."""

    option: str
    type: str
    required: bool
    default: Any
    bounds: str


@dataclasses.dataclass(frozen=True)
class TaskFinding:
    """A task; what follows from options is that of the defaults, null where there are none."""

    task: str
    summary: str
    description: str
    loss: str | None
    readout: str | None
    input_size: int | None
    output_size: int | None
    longest: int | None
    baseline: float | None
    options: tuple[TaskOption, ...]


@dataclasses.dataclass(frozen=True)
class Tasks:
    """The shipped tasks."""

    tasks: tuple[TaskFinding, ...]


def find_task(name: str, tasks_from: Path | None = None) -> TaskFinding:
    """The task with this name. What follows from options is that of the defaults."""
    example, kind = _with_defaults(name, tasks_from)
    summary, _, description = (inspect.getdoc(sys.modules[kind.__module__]) or "").partition("\n")
    consequences = ("loss", "readout", "input_size", "output_size", "longest", "baseline")
    return TaskFinding(
        task=name,
        summary=summary.strip(),
        description=description.strip("\n"),
        options=_options(kind),
        **{consequence: getattr(example, consequence, None) for consequence in consequences},
    )


def list_tasks(tasks_from: Path | None = None) -> Tasks:
    """All tasks, by name."""
    from archsearch.study.task_choice import task_names

    return Tasks(tuple(find_task(name, tasks_from) for name in task_names(tasks_from)))


def _with_defaults(name: str, tasks_from: Path | None) -> tuple[Task | None, type[Task]]:
    """The task with its defaults, None where an option is required; and its class."""
    from archsearch.study.task_choice import PACKAGE, make_task

    try:
        example = make_task(name, {}, tasks_from)
    except InvalidInput:
        if name not in registry.names(PACKAGE):
            raise
        return None, registry.load(PACKAGE, name)
    return example, type(example)


def _options(kind: type[Task]) -> tuple[TaskOption, ...]:
    schema = kind.model_json_schema()
    required = schema.get("required", [])
    return tuple(
        TaskOption(name, _type(field), name in required, field.get("default"), _bounds(field))
        for name, field in schema.get("properties", {}).items()
    )


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return "choice"
    if "anyOf" in field:
        return " or ".join(_type(member) for member in field["anyOf"])
    words = {"integer": "whole number", "string": "text", "boolean": "true or false", "array": "list"}
    kind = str(field.get("type", "any"))
    return words.get(kind, kind)


def _bounds(field: dict[str, Any]) -> str:
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    lowest = [text.format(_number(field[key])) for key, text in _BOUNDS if key in field]
    return ", ".join(lowest)


def _number(value: float) -> str:
    return "2^63" if value == 2**63 else f"{value:,}" if isinstance(value, int) else f"{value:g}"
