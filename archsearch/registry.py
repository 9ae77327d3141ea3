"""The folder is the registry: the files of a package are the names that a user may say.

`archsearch/tasks/adding.py` *is* the task `adding`. A module offers one public object, named after its package
(`TASK` in tasks, `SAMPLER` in samplers, ...). Names are looked up in the listing, so nothing that a user writes
ever becomes an import path or a file path by itself.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import pkgutil
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from archsearch.errors import InvalidInput, Problem, one_of, quoted

PACKAGE_FOLDER = Path(__file__).resolve().parent

_closed = ContextVar("closed", default=False)


@contextlib.contextmanager
def closed_files() -> Iterator[None]:
    """Inside, no file that a user's text names is opened: for texts that come over HTTP."""
    token = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(token)


def may_open() -> bool:
    """Whether a user's text may name files: not inside `closed_files`."""
    return not _closed.get()


def check_may_open() -> None:
    """Raise `InvalidInput` inside `closed_files`. Called before anything that a user's text names is opened."""
    if not may_open():
        allowed = "allowed: a shipped name, or what the file says in its place"
        raise InvalidInput(Problem((), "a text that comes over HTTP names no files", allowed))


@functools.cache
def names(package: str) -> tuple[str, ...]:
    """The registered names of a package such as `archsearch.tasks`, sorted."""
    module = importlib.import_module(package)
    entries = (info.name for info in pkgutil.iter_modules(module.__path__))
    return tuple(sorted(name for name in entries if not name.startswith("_")))


def load(package: str, name: str) -> Any:
    """The public object of the entry `name` of `package`.

    Raises `InvalidInput` when no such file exists in the package.
    """
    check_name(package, name)
    module = importlib.import_module(f"{package}.{name}")
    return getattr(module, object_name(package))


def check_name(package: str, name: str) -> None:
    """Raise `InvalidInput` unless `name` is registered in `package`."""
    known = names(package)
    if name not in known:
        kind = object_name(package).lower()
        raise InvalidInput(Problem((), f"no {kind} is called {quoted(name)}", one_of(known, str(name))))


def object_name(package: str) -> str:
    """The public object's name: `TASK` for `archsearch.tasks`."""
    return package.rpartition(".")[2].removesuffix("s").upper()


def shipped_folder(kind: str) -> Path:
    """The folder of shipped YAML files, `spaces` or `studies`: in a checkout, or inside the installed package."""
    installed = PACKAGE_FOLDER / "shipped" / kind
    return installed if installed.is_dir() else PACKAGE_FOLDER.parent / kind


@functools.cache
def shipped_names(kind: str) -> tuple[str, ...]:
    """Names of the shipped files of a folder such as `spaces/cells` or `studies`, sorted."""
    return tuple(sorted(path.stem for path in shipped_folder(kind).glob("*.yaml")))


def noun(kind: str) -> str:
    """What one file of a shipped folder is called: `cell` for `spaces/cells`."""
    return {"studies": "study"}.get(kind, kind.rpartition("/")[2].removesuffix("s"))


def shipped_path(kind: str, name: str) -> Path:
    """The shipped file `name` of a folder such as `spaces/wirings`; `InvalidInput` when there is none."""
    known = shipped_names(kind)
    if name not in known:
        raise InvalidInput(Problem((), f"no shipped {noun(kind)} is called {quoted(name)}", one_of(known, name)))
    return shipped_folder(kind) / f"{name}.yaml"
