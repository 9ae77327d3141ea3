"""What is known of a task without drawing from it: its options with their bounds, its baseline, its description."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.study.task_choice import PACKAGE, make_task

if TYPE_CHECKING:
    from archsearch.tasks import Task

_BOUNDS = (
    ("minimum", ">= {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "<= {}"),
    ("exclusiveMaximum", "< {}"),
    ("maxLength", "at most {} characters"),
)


def describe_task(name: str, tasks_from: Path | None) -> dict[str, Any]:
    """A task as plain data. What follows from options is that of the defaults, None where there are none."""
    made, kind = _made(name, tasks_from)
    summary, _, description = (inspect.getdoc(sys.modules[kind.__module__]) or "").partition("\n")
    return {
        "task": name,
        "summary": summary.strip(),
        "description": description.strip("\n"),
        "loss": made.loss if made else None,
        "readout": made.readout if made else None,
        "input_size": made.input_size if made else None,
        "output_size": made.output_size if made else None,
        "longest": made.longest if made else None,
        "baseline": made.baseline if made else None,
        "options": _options(kind),
    }


def _made(name: str, tasks_from: Path | None) -> tuple[Task | None, type[Task]]:
    """The task with its defaults, None where an option is required; and its class."""
    try:
        made = make_task(name, {}, tasks_from)
    except InvalidInput:
        if name not in registry.names(PACKAGE):
            raise
        return None, registry.load(PACKAGE, name)
    return made, type(made)


def _options(kind: type[Task]) -> list[dict[str, Any]]:
    schema = kind.model_json_schema()
    required = schema.get("required", [])
    return [
        {
            "option": name,
            "type": _type(field),
            "required": name in required,
            "default": field.get("default"),
            "bounds": _bounds(field),
        }
        for name, field in schema.get("properties", {}).items()
    ]


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
