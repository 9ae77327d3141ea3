"""Reading arrays from an untrusted .npz file."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from archsearch import registry
from archsearch.errors import InvalidInput, Problem, one_of, quoted


def read_arrays(path: Path, known: Collection[str], most_bytes: int) -> dict[str, NDArray[Any]]:
    """The arrays of the file by name; nothing in it is ever unpickled.

    Raises `InvalidInput` unless `path` is a regular file, an .npz, of at most `most_bytes` when unpacked, and holds
    only arrays called as in `known`.
    """
    check_regular(path)
    try:
        with path.open("rb") as file:
            _check_members(file, known, most_bytes)
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
    except zipfile.BadZipFile:
        raise _invalid(f"{quoted(path)} is not an .npz file", "write it with numpy.savez") from None
    except _BROKEN as error:
        raise _invalid(f"{quoted(path)} cannot be read: {quoted(error)}", "arrays of numbers, no objects") from None


# RuntimeError: an encrypted archive; NotImplementedError: an unknown compression.
_BROKEN = (OSError, ValueError, OverflowError, MemoryError, EOFError, RuntimeError, NotImplementedError, zlib.error)


def check_regular(path: Path) -> tuple[int, int, int]:
    """What tells this state of the file from another (inode, bytes, time of the last change in ns).

    Raises `InvalidInput` unless it is a regular file: a pipe would block, a device would never end.
    """
    _check_may_open()
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise _invalid(f"cannot open {quoted(path)}: {reason}", "the path of an .npz file") from None
    if not stat.S_ISREG(status.st_mode):
        raise _invalid(f"{quoted(path)} is not a regular file", "the path of an .npz file")
    return status.st_ino, status.st_size, status.st_mtime_ns


def _check_may_open() -> None:
    try:
        registry.check_may_open()
    except InvalidInput as error:
        raise InvalidInput(problem.under("path") for problem in error.problems) from None


def _check_members(file: IO[bytes], known: Collection[str], most_bytes: int) -> None:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    names = [member.filename for member in members]
    for name in names:
        array = name.removesuffix(".npy")
        if array not in known or array == name:
            raise _invalid(f"the file holds {quoted(array)}, which means nothing here", one_of(known, array))
    if len(set(names)) < len(names):
        raise _invalid("two arrays have the same name", one_of(known))
    total = sum(member.file_size for member in members)
    if total > most_bytes:
        raise _invalid(f"the arrays take {total} bytes", f"at most {most_bytes}")


def _invalid(what: str, allowed: str) -> InvalidInput:
    return InvalidInput(Problem(("path",), what, allowed))
