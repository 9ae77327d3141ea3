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
from archsearch.schema.validation import validate
from archsearch.tasks import Task

PACKAGE = "archsearch.tasks"


def task_names(tasks_from: Path | None = None) -> tuple[str, ...]:
    """Every name that a study's task may have, sorted."""
    return tuple(sorted({*registry.names(PACKAGE), *_files(tasks_from)}))


def make_task(name: str, options: Mapping[str, Any], tasks_from: Path | None = None) -> Task:
    """The task `name` with these options; `InvalidInput` with paths below `task`."""
    kind = _task_class(name, tasks_from)
    return validate(kind, dict(options), prefix=("task",))


def task_key(name: str, task: Task, tasks_from: Path | None = None) -> dict[str, object]:
    """The task in an evaluation's key: its name, every option, its data; a user's own also by what its file says."""
    key: dict[str, object] = {"name": name, **task.model_dump(mode="json")}
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
    found: type[Task] = registry.load(PACKAGE, name)
    return found


def _files(tasks_from: Path | None) -> dict[str, Path]:
    """The user's tasks: the folder's Python files, by name."""
    if tasks_from is None:
        return {}
    if not tasks_from.is_dir():
        raise InvalidInput(Problem((), "is not a folder of tasks", file=str(tasks_from)))
    found = {path.stem: path for path in tasks_from.glob("*.py") if not path.stem.startswith("_")}
    taken = sorted(found.keys() & set(registry.names(PACKAGE)))
    if taken:
        raise InvalidInput(
            Problem((), f"a task {quoted(taken[0])} is shipped already", "rename the file", file=str(found[taken[0]]))
        )
    return found


def _load_file(name: str, path: Path) -> type[Task]:
    module_name = f"archsearch_user_tasks_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # where pydantic looks up the names in annotations
    try:
        spec.loader.exec_module(module)
        found = module.TASK
    except Exception as error:
        del sys.modules[module_name]
        what = f"the task cannot be loaded: {type(error).__name__}: {error}"
        raise InvalidInput(Problem(("task", "name"), what, file=str(path))) from error
    if not (isinstance(found, type) and issubclass(found, Task)):
        raise InvalidInput(Problem(("task", "name"), "TASK is not a subclass of archsearch.tasks.Task", file=str(path)))
    return found
