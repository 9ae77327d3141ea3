"""A study file with several tasks: it stands for one study per task, which share everything else."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, Field

from archsearch.errors import InvalidInput, Path, Problem, quoted
from archsearch.schema.series_names import SEPARATOR
from archsearch.schema.strict import ExactlyOne, Label
from archsearch.schema.study import Study, TaskChoice
from archsearch.schema.validation import Parts, mend

_SUFFIXES = ("yaml", "yml")
_Loaded = TypeVar("_Loaded")


def _no_suffix(label: str) -> str:
    if label in _SUFFIXES:
        raise ValueError(f"'{label}' would make the study's name look like a file; choose another label")
    return label


Tasks = Annotated[dict[Annotated[Label, AfterValidator(_no_suffix)], TaskChoice], Field(min_length=1, max_length=16)]


class StudyFile(ExactlyOne, Study):
    """A study file: a study, or several that differ in their tasks alone."""

    noun: ClassVar[str] = "study"
    alternatives: ClassVar[tuple[str, str]] = ("task", "tasks")

    task: TaskChoice | None = None  # type: ignore[assignment]
    """A task by name, with its options."""
    tasks: Tasks | None = None
    """One study per task, called `<study>.<label>`; in place of `task`."""

    def study_of(self, label: str) -> Study:
        """The study of the task with this label; an empty one means the only task."""
        shared = {name: getattr(self, name) for name in Study.model_fields}
        own = {"study": f"{self.study}{SEPARATOR}{label}", "task": self.tasks[label]} if self.tasks else {}
        return Study.model_construct(self.model_fields_set - {"tasks"} | {"task"}, **shared | own)


def read_studies(data: Any) -> tuple[dict[str, Parts[Study]], Parts[StudyFile]]:
    """The studies that a study file stands for, by the label of their task, and the file itself with its problems.

    A file with a single task stands for itself, under an empty label.
    """
    file = mend(StudyFile, data)
    labels = list(file.value.tasks or [""])
    if file.value.tasks and SEPARATOR in file.value.study and file.sound("study"):
        what = f"{quoted(file.value.study)} is not a legal name of a file with several tasks"
        file = dataclasses.replace(file, problems=(*file.problems, Problem(("study",), what, "remove the dot")))
    return {label: _part(file, label) for label in labels}, file


def _part(file: Parts[StudyFile], label: str) -> Parts[Study]:
    replaced = [_of_one(path, label) for path in file.replaced] if label else file.replaced
    return Parts(file.value.study_of(label), (), frozenset(path for path in replaced if path is not None))


def _of_one(path: Path, label: str) -> Path | None:
    """A path of the file as one of the study of a task; None for what that study has not."""
    if path[:1] != ("tasks",):
        return None if path[:1] == ("task",) else path
    return ("task", *path[2:]) if path[1:2] in ((), (label,)) else None


def study_names(data: Any) -> list[str]:
    """The names of the studies of a file with several tasks. Raises `InvalidInput` for faulty tasks."""
    studies, file = read_studies(data)
    if not (file.sound("study") and file.sound("tasks")):
        file.settle()
    return [part.value.study for part in studies.values()]


def load_each(data: Any, load: Callable[[Parts[Study]], _Loaded]) -> tuple[_Loaded, ...]:
    """What `load` makes of each study of a file; `InvalidInput` with the problems of all, placed as in the file."""
    studies, file = read_studies(data)
    loaded, problems = [], {}
    for label, part in studies.items():
        try:
            loaded.append(load(part))
        except InvalidInput as error:
            problems[label] = [_in_file(problem, label) for problem in error.problems]
    file.settle(dict.fromkeys(_merged(problems, len(studies))))
    return tuple(loaded)


def _in_file(problem: Problem, label: str) -> Problem:
    if not label or problem.file or problem.path[:1] != ("task",):
        return problem
    return dataclasses.replace(problem, path=("tasks", label, *problem.path[1:]))


def _merged(problems: Mapping[str, list[Problem]], studies: int) -> Iterator[Problem]:
    """What all studies share as it is; what only some have says whose it is, unless its place does."""
    having = Counter(problem for own in problems.values() for problem in set(own))
    for label, own in problems.items():
        for problem in own:
            plain = having[problem] == studies or problem.file or problem.path[:1] == ("tasks",)
            yield problem if plain else dataclasses.replace(problem, what=f"task {label}: {problem.what}")
