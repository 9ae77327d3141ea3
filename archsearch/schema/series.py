"""A study file with several tasks: it stands for one study per task, which share everything else."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from archsearch.errors import InvalidInput, Problem, nearest
from archsearch.schema.strict import Label, Strict
from archsearch.schema.study import Study, TaskChoice
from archsearch.schema.validation import validate

SEPARATOR = "."
"""Stands between a series' name and a task's label in the name of a study; no label holds one."""

_FORMS = ("task", "tasks")
_SUFFIXES = ("yaml", "yml")
_Loaded = TypeVar("_Loaded")


def _no_suffix(label: str) -> str:
    if label in _SUFFIXES:
        raise ValueError(f"'{label}' would make the study's name look like a file; choose another label")
    return label


class _Series(Strict):
    study: Label
    tasks: Annotated[dict[Annotated[Label, AfterValidator(_no_suffix)], TaskChoice], Field(min_length=1, max_length=16)]
    """One study per task, called `<study>.<label>`; in place of `task`."""


def is_series(data: Any) -> bool:
    """Whether a study file stands for one study per task."""
    return isinstance(data, Mapping) and "tasks" in data


def studies_of(data: Any) -> dict[str, Any]:
    """The documents of the studies that a study file stands for, by the label of their task.

    A file with a single task stands for itself, under an empty label. Raises `InvalidInput` for faulty tasks.
    """
    if not is_series(data):
        _require_task(data)
        return {"": data}
    if "task" in data:
        raise InvalidInput(Problem(("tasks",), "a study has either task or tasks", "remove one of them", at_key=True))
    series = validate(_Series, {key: data[key] for key in _Series.model_fields if key in data})
    shared = {key: value for key, value in data.items() if key != "tasks"}
    return {
        label: shared | {"study": f"{series.study}{SEPARATOR}{label}", "task": data["tasks"][label]}
        for label in series.tasks
    }


def load_each(studies: Mapping[str, Any], load: Callable[[Any], _Loaded]) -> tuple[_Loaded, ...]:
    """What `load` makes of each of `studies_of`; `InvalidInput` with the problems of all, placed as in the file."""
    loaded, problems = [], {}
    for label, data in studies.items():
        try:
            loaded.append(load(data))
        except InvalidInput as error:
            problems[label] = [_in_file(problem, label) for problem in error.problems]
    if problems:
        raise InvalidInput(dict.fromkeys(_merged(problems, len(studies))))
    return tuple(loaded)


def series_of(study: str) -> str:
    """The name of the file that a study is from: its own, without the label of its task."""
    return study.partition(SEPARATOR)[0]


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study file."""
    found = Study.model_json_schema()
    found["properties"]["tasks"] = _Series.model_json_schema()["properties"]["tasks"]
    found["required"].remove("task")
    return found | {"oneOf": [{"required": [form]} for form in _FORMS]}


def _require_task(data: Any) -> None:
    """Refuse a study without any; a misspelt key is left to be reported as such."""
    if not isinstance(data, Mapping) or "study" not in data or "task" in data:
        return
    if not any(nearest(str(key), _FORMS) for key in data if key not in Study.model_fields):
        raise InvalidInput(Problem((), "a study has either task or tasks, and neither is given"))


def _in_file(problem: Problem, label: str) -> Problem:
    if not label or problem.file or problem.path[:1] != ("task",):
        return problem
    return dataclasses.replace(problem, path=("tasks", label, *problem.path[1:]))


def _merged(problems: Mapping[str, list[Problem]], studies: int) -> Iterator[Problem]:
    """What all studies share as it is; what only some have says whose it is, unless its place does."""
    having = Counter(problem for found in problems.values() for problem in set(found))
    for label, found in problems.items():
        for problem in found:
            plain = having[problem] == studies or problem.file or problem.path[:1] == ("tasks",)
            yield problem if plain else dataclasses.replace(problem, what=f"task {label}: {problem.what}")
