"""The checks of `archsearch doctor`, which import nothing slow: no torch."""

from __future__ import annotations

import dataclasses
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Literal

from archsearch.cli.output import visible
from archsearch.errors import ArchsearchError
from archsearch.spelling import counted

OLDEST_PYTHON = (3, 11)
PACKAGES = ("archsearch", "torch", "optuna", "pydantic", "sqlalchemy", "numpy")
COMPILERS = ("cc", "gcc", "clang")
LOW_MEMORY_MB = 2_000
LOW_DISK_MB = 500


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that was checked. `warning`: works, but not as well as it could; `failed`: something will not work."""

    check: str
    state: Literal["ok", "warning", "failed"]
    found: str


def examine(storage: str) -> Iterator[Check]:
    """Every check, in the order of printing."""
    yield python()
    yield from packages()
    yield threads()
    yield memory()
    yield compiler()
    yield sqlite()
    yield database(storage)
    yield writable(storage)


def python() -> Check:
    """The interpreter."""
    state: Literal["ok", "failed"] = "ok" if sys.version_info >= OLDEST_PYTHON else "failed"
    return Check("python", state, f"{platform.python_version()} at {sys.executable}")


def packages() -> Iterator[Check]:
    """Installed versions, read from their metadata."""
    for package in PACKAGES:
        try:
            yield Check(package, "ok", metadata.version(package))
        except metadata.PackageNotFoundError:
            # A checkout runs without being installed; everything else is needed.
            yield Check(package, "warning" if package == "archsearch" else "failed", "not installed")


def threads() -> Check:
    """The number of evaluations that run at once by default, each with one thread."""
    cores = len(os.sched_getaffinity(0))
    return Check("workers", "ok", f"{counted(cores, 'core')}: as many evaluations run at once, one thread each")


def memory() -> Check:
    """Free memory."""
    import psutil

    free = psutil.virtual_memory().available // 10**6
    return Check("memory", "ok" if free >= LOW_MEMORY_MB else "warning", f"{free:,} MB free")


def compiler() -> Check:
    """A C compiler that compiles, which studies need unless their backend is the reference."""
    chosen = os.environ.get("CC")
    names = (chosen,) if chosen else COMPILERS
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        return Check("compiler", "warning", f"none of {', '.join(names)}: studies need `backend: reference`")
    try:
        version = _run([path, "--version"])
        _run([path, "-xc", "-fsyntax-only", "-"], "#include <math.h>\n")
    except (OSError, subprocess.SubprocessError) as error:
        return Check("compiler", "warning", f"{path} does not work: {_reason(error)}")
    return Check("compiler", "ok", visible(version.partition("\n")[0]))


def sqlite() -> Check:
    """SQLite's version, and the journal that follows from it."""
    from archsearch.store.engine import WAL_IS_SAFE

    journal = "write-ahead log" if WAL_IS_SAFE else "rollback journal (write-ahead logs are safe from 3.51.3 on)"
    return Check("sqlite", "ok", f"{sqlite3.sqlite_version}, {journal}")


def database(storage: str) -> Check:
    """Whether the database is there, and one of archsearch."""
    from archsearch.store.address import parse_address
    from archsearch.store.store import Store

    try:
        address = parse_address(storage)
        if address.file is not None and not address.file.exists():
            return Check("database", "ok", f"{address}: not there yet, the first run makes it")
        with Store.read(storage) as store:
            store.examine()
            studies = len(store.list_studies())
    except ArchsearchError as error:
        return Check("database", "failed", visible(error))
    return Check("database", "ok", f"{address}: {counted(studies, 'study', 'studies')}")


def writable(storage: str) -> Check:
    """Whether the database can be written, and how much room it has."""
    from archsearch.store.address import parse_address

    try:
        file = parse_address(storage).file
    except ArchsearchError as error:
        return Check("writable", "failed", visible(error))
    if file is None:
        return Check("writable", "ok", "asked of the server at the first run")
    folder = file.parent
    if not folder.is_dir():
        return Check("writable", "failed", f"the folder {visible(folder)} does not exist")
    if not os.access(folder, os.W_OK | os.X_OK) or (file.exists() and not os.access(file, os.W_OK)):
        return Check("writable", "failed", f"no right to write {visible(file)} or its folder")
    free = shutil.disk_usage(folder).free // 10**6
    return Check("writable", "ok" if free >= LOW_DISK_MB else "warning", f"yes, {free:,} MB free")


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = str(error.stderr).strip().splitlines()
        return visible(lines[0] if lines else f"exit status {error.returncode}")
    return visible(error)
