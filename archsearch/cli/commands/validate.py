"""`archsearch validate`: every mistake in files, and what is proved of those without any."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, Value, complain, emit, form, say
from archsearch.errors import InvalidInput, problem_values, spell_path

if TYPE_CHECKING:
    from archsearch.study.checking import Checked

COLUMNS = ("file", "kind", "name", "valid", "proved", "path", "line", "column", "what", "allowed")


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Cell, wiring, space or study files.")],
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Check files and say what is proved of them.

    Every problem is one line on stderr: file:line:column: path: what is wrong; what is allowed. The exit status is then
    2.
    """
    wanted = form(as_json, as_csv)
    from archsearch.study.checking import check_file

    reports = []
    for file in files:
        report = check_file(Path(file), tasks_from)
        reports.append(report)
        if report.problems:
            sys.stdout.flush()
            complain("\n".join(map(str, report.problems)))
        elif wanted == "text":
            say(f"{report.file}: {report.kind} {report.name}: {report.proved}")
    if wanted != "text":
        record = Record([_document(report) for report in reports], COLUMNS, list(_rows(reports)))
        emit(wanted, record, lambda console: None)
    if any(report.problems for report in reports):
        raise typer.Exit(InvalidInput.exit_status)


def _document(report: Checked) -> dict[str, Any]:
    found = {"file": report.file, "kind": report.kind, "name": report.name, "proved": report.proved}
    return found | {"valid": not report.problems, "problems": [problem_values(problem) for problem in report.problems]}


def _rows(reports: Iterable[Checked]) -> Iterator[dict[str, Value]]:
    """One row per problem, and one per file without any."""
    for report in reports:
        common: dict[str, Value] = {"file": report.file, "kind": report.kind, "name": report.name}
        common |= {"valid": not report.problems, "proved": report.proved}
        for problem in report.problems:
            yield common | problem_values(problem) | {"path": spell_path(problem.path)}
        if not report.problems:
            yield common


COMMAND = Command("Cells and spaces", validate)
