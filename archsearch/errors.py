"""The errors of archsearch and their one message format.

Everything a user can get wrong is reported as one or more `Problem`s, each a single line:

    file:line:column: path: what is wrong; what is allowed
"""

from __future__ import annotations

import dataclasses
import difflib
import errno
import re
from collections.abc import Iterable, Sequence

Path = tuple[str | int, ...]


class ArchsearchError(Exception):
    """Any error that archsearch raises on purpose; the command line prints it without a traceback."""

    exit_status = 1


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    `path` leads to the value inside the document (`("holes", "squash", 1)`); `at_key` says that the key itself,
    not its value, is to blame. `line` and `column` count from 1; 0 means that no document is known. `file` may be the
    name of one of several texts.
    """

    path: Path
    what: str
    allowed: str = ""
    at_key: bool = False
    file: str = ""
    line: int = 0
    column: int = 0

    def under(self, *parents: str | int) -> Problem:
        """The same problem, seen from a document that holds this one below `parents`."""
        return dataclasses.replace(self, path=(*parents, *self.path))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = [part for part in (place, spell_path(self.path), self.what) if part]
        line = ": ".join(parts)
        return f"{line}; {self.allowed}" if self.allowed else line


class InvalidInput(ArchsearchError):
    """An input was refused; `problems` holds every reason that was found."""

    exit_status = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Refused(ArchsearchError):
    """A legal request that cannot be served as things stand (a lock is held, a study was changed, ...)."""


class MachineFault(Refused):
    """A transient failure of the environment (no disk space, memory or time); the request itself is not at fault."""


class Interrupted(ArchsearchError):
    """The user stopped a run; it can be continued."""

    exit_status = 130


_SHORTAGES = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.ENOBUFS, errno.EMFILE, errno.ENFILE, errno.ENOLCK),
        *(errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.EIO, errno.ESTALE),
    }
)


def is_shortage(error: BaseException) -> bool:
    """Whether the error is a transient one of the operating system: a shortage, or a disk that does not answer."""
    return isinstance(error, OSError) and error.errno in _SHORTAGES


def spell_path(path: Path) -> str:
    """`("equations", "c", "linear", 0)` as `equations.c.linear[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{printable(part)}" if text else printable(part)
    return text


_PASSWORDS = re.compile(r"(:/{1,2}[^\s:/?#@]{0,100}:)\S{1,2000}(?=@)|(password=)[^\s&]+", re.IGNORECASE)


def hide_passwords(text: str) -> str:
    """`text` with `***` for the password in any URL that it holds."""
    if ":/" not in text:
        return text
    return _PASSWORDS.sub(lambda match: f"{match[1] or match[2]}***", text)


def printable(value: object, limit: int = 60) -> str:
    """`value` as one short line of visible characters, safe to print to any terminal; without passwords of URLs."""
    text = hide_passwords(str(value))
    if len(text) > limit:
        text = f"{text[: limit - 1]}…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def quoted(value: object) -> str:
    """`printable(value)` in single quotes."""
    return f"'{printable(value)}'"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 gate`, `4 gates`, `1,188 configurations`; `plural` where it is not the noun with an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or f'{noun}s'}"


def one_of(known: Iterable[str], wrong: str = "") -> str:
    """The "what is allowed" of a closed list, with the nearest known name when `wrong` resembles one."""
    names = list(known)
    near = nearest(wrong, names)
    hint = f"did you mean {quoted(near)}? " if near else ""
    return f"{hint}allowed: {', '.join(map(printable, names)) or '(none)'}"


_RENAMED = {"candidate": "cell_input"}  # names of earlier versions, which resemble those of now in nothing


def nearest(wrong: str, known: Sequence[str]) -> str:
    """The known name that `wrong` resembles most, or that it was renamed to; an empty string where there is none."""
    if _RENAMED.get(wrong) in known:
        return _RENAMED[wrong]
    matches = difflib.get_close_matches(wrong[:100], known, n=1, cutoff=0.6)
    return matches[0] if matches else ""
