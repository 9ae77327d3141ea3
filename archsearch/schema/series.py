"""A study file with several tasks: it stands for one study per task, which share everything else."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from archsearch.errors import InvalidInput, Problem
from archsearch.schema.strict import Label, Strict
from archsearch.schema.study import Study, TaskChoice
from archsearch.schema.validation import validate


class _Tasks(Strict):
    tasks: Annotated[dict[Label, TaskChoice], Field(min_length=1, max_length=16)]
    """One study per task, called `<study>.<label>`; in place of `task`."""


def studies_of(data: Any) -> dict[str, Any]:
    """The documents of the studies that a study file stands for, by the label of their task.

    A file with a single task stands for itself, under an empty label. Raises `InvalidInput` for faulty tasks.
    """
    if not isinstance(data, Mapping) or "tasks" not in data:
        return {"": data}
    if "task" in data:
        raise InvalidInput(Problem(("tasks",), "a study has either task or tasks", "remove one of them", at_key=True))
    labels = validate(_Tasks, {"tasks": data["tasks"]}).tasks
    shared = {key: value for key, value in data.items() if key != "tasks"}
    return {label: shared | _name(data, label) | {"task": data["tasks"][label]} for label in labels}


def located_in_series(error: InvalidInput, label: str) -> InvalidInput:
    """Problems of the study with this label at the places of the file."""
    return InvalidInput(
        dataclasses.replace(problem, path=("tasks", label, *problem.path[1:])) if _of_task(problem) else problem
        for problem in error.problems
    )


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study file."""
    found = Study.model_json_schema()
    found["properties"]["tasks"] = _Tasks.model_json_schema()["properties"]["tasks"]
    found["required"].remove("task")
    return found | {"oneOf": [{"required": ["task"]}, {"required": ["tasks"]}]}


def _name(data: Mapping[str, Any], label: str) -> dict[str, Any]:
    """What is no name stays as it is, and is found later."""
    name = data.get("study")
    return {"study": f"{name}.{label}"} if isinstance(name, str) else {}


def _of_task(problem: Problem) -> bool:
    return not problem.file and problem.path[:1] == ("task",)
