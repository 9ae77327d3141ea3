"""Output of commands: text for people, JSON or CSV for programs, all of it to stdout.

Texts from a file, a database or the command line become visible characters before they are printed.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TextIO, Union, get_args, get_origin, get_type_hints

from archsearch.errors import InvalidInput, Problem, Refused, printable

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

Form = Literal["text", "json", "csv"]
Value = str | int | float | bool | None

LONGEST = 2_000
"""Characters of one printed value."""

_FORMULA = re.compile(r"[=+@]|-(?![0-9.]+\Z)")  # the choice -1 is a number for a spreadsheet as well


@dataclasses.dataclass(frozen=True)
class Record:
    """A command's findings for programs: a JSON document, and the rows of its one CSV table.

    Both have the same keys whatever was found.
    """

    document: object
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Value]]


def record_of(document: object, rows: Sequence[Any], kind: type) -> Record:
    """A record whose CSV table has a row for each of these dataclasses of one `kind`."""
    return Record(document, columns_of(kind), list(map(vars, rows)))


def columns_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that fit into the cell of a table: text, numbers, and what may be one of these."""
    hints = get_type_hints(kind)
    return tuple(field.name for field in dataclasses.fields(kind) if _fits(hints[field.name]))


def _fits(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return all(map(_fits, get_args(hint)))
    return hint in (str, int, float, bool, type(None), Any) or get_origin(hint) is Literal


def chosen_form(as_json: bool, as_csv: bool, **texts: bool) -> Form:
    """The form that `--json` and `--csv` select, or one of the options that select another text.

    `InvalidInput` when more than one is given.
    """
    given = [f"--{name}" for name, chosen in {"json": as_json, "csv": as_csv, **texts}.items() if chosen]
    if len(given) > 1:
        raise InvalidInput(Problem((given[1],), f"cannot be combined with {given[0]}", "allowed: one of the two"))
    return "json" if as_json else "csv" if as_csv else "text"


def emit(chosen: Form, record: Record, draw: Callable[[Console], None]) -> None:
    """Print `record` in the chosen form; `draw` prints it as text."""
    if chosen == "json":
        emit_json(record.document)
    elif chosen == "csv":
        emit_csv(record.columns, record.rows)
    else:
        draw(console())


def emit_json(document: object) -> None:
    """Print JSON in ASCII, dataclasses as their fields. NaN and infinity, which JSON lacks, are a `ValueError`."""
    sys.stdout.write(json.dumps(document, indent=2, allow_nan=False, default=vars) + "\n")


def emit_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> None:
    """Print a table as CSV with a heading; missing values are empty cells."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)


def csv_cell(value: Value) -> str:
    """A value as a cell. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = visible(value)
    return f"'{text}" if _FORMULA.match(text) else text


def visible(value: object) -> str:
    """A value as visible characters on one line."""
    return printable(value, limit=LONGEST)


def say(line: str = "") -> None:
    """Print one line to stdout."""
    sys.stdout.write(f"{visible(line)}\n")


def write_file(path: Path, text: str) -> None:
    """Write a file and say so; `Refused` where that cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"cannot write {visible(path)}: {error.strerror}") from error
    complain(f"wrote {visible(path)}")


def check_target(path: Path | None, example: str) -> None:
    """Refuse to fill a terminal with what is for a browser; `InvalidInput` that names `example` as a file for it."""
    if path is None and sys.stdout.isatty():
        what = "this is for a browser, and standard output is a terminal"
        raise InvalidInput(Problem(("--output",), what, f"allowed: -o {example}, or a pipe"))


def write_page(path: Path | None, text: str) -> None:
    """Write to a file and say so, or without one to stdout."""
    if path is None:
        sys.stdout.write(text)
    else:
        write_file(path, text)


def complain(message: object) -> None:
    """Print a message of one or more lines to stderr."""
    lines = str(message).split("\n")
    sys.stderr.write("".join(f"{visible(line)}\n" for line in lines))


def console(stream: TextIO | None = None) -> Console:
    """A console on stdout (or `stream`) that prints markup as it stands; without colours unless it is a terminal."""
    from rich.console import Console

    return Console(file=stream or sys.stdout, markup=False, highlight=False, emoji=False)
