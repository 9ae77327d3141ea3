"""From a file to text that is safe to parse: regular files of bounded size, UTF-8, visible characters only."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from archsearch.errors import InvalidInput, Problem, printable, quoted

LARGEST_TEXT = 256 * 1024
"""Bytes of UTF-8 that a document may have."""

LINE_BREAK = re.compile(r"\r\n|\r|\n")

UNWANTED = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Control characters, lone surrogates, byte-order marks, and what only some parsers take for a line break."""


_FORMATS = {
    b"\xff\xfe": "is UTF-16; save it as UTF-8",
    b"\xfe\xff": "is UTF-16; save it as UTF-8",
    b"PK\x03\x04": "is an archive (.npz or .zip), not a YAML file; a task's option names data: path: FILE",
    b"SQLite format 3\0": "is a database, not a YAML file; commands take it as --storage sqlite:///FILE",
}


class Position(NamedTuple):
    """A place in a text; both count from 1, columns in characters."""

    line: int
    column: int


def read_text(path: Path) -> str:
    """The text of a regular file; `InvalidInput` when it cannot be read, is too large or is not plain UTF-8."""
    file = file_label(path)
    return decode(read_bytes(path, file), file)


def file_label(path: Path | str) -> str:
    """How messages name a file: its path in visible characters."""
    return printable(path, limit=1000)


def read_bytes(path: Path, file: str) -> bytes:
    """At most `LARGEST_TEXT` bytes of a regular file. Never blocks: what was opened is looked at before it is read."""
    try:
        # O_NONBLOCK: opening a FIFO for reading would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise _refused(file, "is a folder, not a file" if stat.S_ISDIR(mode) else "is not a regular file")
            content = _read_on(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _refused(file, _reason(error)) from None
    if len(content) > LARGEST_TEXT:
        raise _too_large(file)
    return content


def _read_on(descriptor: int) -> bytes:
    """All there is, or one byte more than a document may have."""
    content = b""
    while len(content) <= LARGEST_TEXT:
        piece = os.read(descriptor, LARGEST_TEXT + 1 - len(content))
        if not piece:
            break
        content += piece
    return content


def decode(content: bytes, file: str) -> str:
    """`content` as text, checked."""
    for start, what in _FORMATS.items():
        if content.startswith(start):
            raise _refused(file, what)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = position_of(content[: error.start].decode("utf-8"), error.start)
        what = f"is not UTF-8: byte 0x{content[error.start]:02x}"
        raise InvalidInput(Problem((), what, file=file, line=place.line, column=place.column)) from None
    check_text(text, file)
    return text


def check_text(text: str, file: str) -> None:
    """Raise `InvalidInput` unless `text` is small enough and free of unwanted characters."""
    if len(text) > LARGEST_TEXT or len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEXT:
        raise _too_large(file)
    unwanted = UNWANTED.search(text)
    if unwanted:
        place = position_of(text, unwanted.start())
        what = f"contains the character {describe_character(unwanted.group())}"
        raise InvalidInput(Problem((), what, file=file, line=place.line, column=place.column))


def describe_character(character: str) -> str:
    """An invisible character in words: `U+0000 (a NUL; is this UTF-16?)`."""
    names = {
        "\0": "a NUL; is this UTF-16?",
        "\ufeff": "a byte-order mark; save the file as UTF-8 without one",
        "\x85": "a line break to some parsers only",
        "\u2028": "a line break to some parsers only",
        "\u2029": "a line break to some parsers only",
    }
    code = ord(character)
    name = names.get(character, "half of a surrogate pair" if 0xD800 <= code <= 0xDFFF else "a control character")
    return f"U+{code:04X} ({name})"


def position_of(text: str, index: int) -> Position:
    """The position of the character `text[index]`."""
    lines = LINE_BREAK.split(text[:index])
    return Position(len(lines), len(lines[-1]) + 1)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror[0].lower()}{error.strerror[1:]}"
    return f"cannot be read: {quoted(error)}"


def _too_large(file: str) -> InvalidInput:
    return _refused(file, f"is larger than {LARGEST_TEXT // 1024} KiB")


def _refused(file: str, what: str) -> InvalidInput:
    return InvalidInput(Problem((), what, file=file))
