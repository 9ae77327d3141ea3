"""Tasks by name: the shipped ones, and the user's own from a folder named on the command line."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.schema.study import TaskChoice, Training
from archsearch.schema.validation import validate
from archsearch.tasks import Split, Task

PACKAGE = "archsearch.tasks"
WHOLE_SPLITS: tuple[Split, ...] = ("validation", "test")
"""Splits that are gone through once, row by row, where a task holds a fixed number of rows."""


def task_names(tasks_from: Path | None = None) -> tuple[str, ...]:
    """Every name that a study's task may have, sorted."""
    return tuple(sorted({*registry.names(PACKAGE), *_files(tasks_from)}))


def make_task(name: str, options: Mapping[str, Any], tasks_from: Path | None = None) -> Task:
    """The task `name` with these options; `InvalidInput` with paths below `task`."""
    kind = _task_class(name, tasks_from)
    return validate(kind, dict(options), prefix=("task",))


def located(choice: TaskChoice, folder: Path, tasks_from: Path | None = None) -> TaskChoice:
    """The choice with absolute paths: relative ones, in options that are files, start at `folder`.

    `InvalidInput` when there is no such task.
    """
    kind = _task_class(choice.name, tasks_from)
    options = choice.options
    paths = {
        name: str((folder / options[name]).absolute()) for name in kind.files if isinstance(options.get(name), str)
    }
    return TaskChoice.model_validate({**options, **paths, "name": choice.name})


def with_whole_splits(training: Training, task: Task) -> Training:
    """The training, with all rows of splits that hold a fixed number; `InvalidInput` where another number is given."""
    problems: list[Problem] = []
    sizes: dict[str, int] = {}
    for split in WHOLE_SPLITS:
        rows, given = task.rows(split), getattr(training, split)
        if rows is None:
            continue
        sizes[split] = rows
        if split in training.model_fields_set and given != rows:
            what = (
                f"{given} sequences are asked for, but the task's {split} split has {rows}, of which each is taken once"
            )
            problems.append(Problem(("training", split), what, f"allowed: leave it out, or {rows}"))
    if problems:
        raise InvalidInput(problems)
    return training.model_copy(update=sizes) if sizes else training


def task_key(name: str, task: Task, tasks_from: Path | None = None) -> dict[str, object]:
    """The task in an evaluation's key: its name, every option, its data; a user's own also by what its file says.

    Data are known by their digest: their path is not in the key.
    """
    key: dict[str, object] = {"name": name, **task.model_dump(mode="json", exclude=set(task.files))}
    if task.data_digest:
        key["data"] = task.data_digest
    file = _files(tasks_from).get(name)
    return key if file is None else {**key, "file": hashlib.sha256(file.read_bytes()).hexdigest()}


def _task_class(name: str, tasks_from: Path | None) -> type[Task]:
    files = _files(tasks_from)
    if name in files:
        return _load_file(name, files[name])
    if name not in registry.names(PACKAGE):
        allowed = one_of(task_names(tasks_from), name)
        raise InvalidInput(Problem(("task", "name"), f"no task is called {quoted(name)}", allowed))
    task: type[Task] = registry.load(PACKAGE, name)
    return task


def _files(tasks_from: Path | None) -> dict[str, Path]:
    """The user's tasks: the folder's Python files, by name."""
    if tasks_from is None:
        return {}
    if not tasks_from.is_dir():
        raise InvalidInput(Problem((), "is not a folder of tasks", file=str(tasks_from)))
    files = {path.stem: path for path in tasks_from.glob("*.py") if not path.stem.startswith("_")}
    taken = sorted(files.keys() & set(registry.names(PACKAGE)))
    if taken:
        raise InvalidInput(
            Problem((), f"a task {quoted(taken[0])} is shipped already", "rename the file", file=str(files[taken[0]]))
        )
    return files


def _load_file(name: str, path: Path) -> type[Task]:
    module_name = f"archsearch_user_tasks_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # where pydantic looks up the names in annotations
    try:
        spec.loader.exec_module(module)
        task = module.TASK
    except Exception as error:
        del sys.modules[module_name]
        what = f"the task cannot be loaded: {type(error).__name__}: {error}"
        raise InvalidInput(Problem(("task", "name"), what, file=str(path))) from error
    if not (isinstance(task, type) and issubclass(task, Task)):
        raise InvalidInput(Problem(("task", "name"), "TASK is not a subclass of archsearch.tasks.Task", file=str(path)))
    return task
