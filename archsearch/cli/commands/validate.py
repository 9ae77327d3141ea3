"""`archsearch validate`: every mistake in files, and what is proved of those without any."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, chosen_form, columns_of, complain, emit, say
from archsearch.errors import InvalidInput, Problem, spell_path

if TYPE_CHECKING:
    from archsearch.study.checking import Checked


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
    output = chosen_form(as_json, as_csv)
    from archsearch.study.checking import Checked, check_file

    reports = []
    for file in files:
        report = check_file(Path(file), tasks_from)
        reports.append(report)
        if report.problems:
            sys.stdout.flush()
            complain("\n".join(map(str, report.problems)))
        elif output == "text":
            say(f"{report.file}: {report.kind} {report.name}: {report.proved}")
    if output != "text":
        document = [_values(report) | {"problems": report.problems} for report in reports]
        columns = dict.fromkeys((*columns_of(Checked), "valid", "path", *columns_of(Problem)))
        emit(output, Record(document, tuple(columns), list(_rows(reports))), lambda console: None)
    if not all(report.valid for report in reports):
        raise typer.Exit(InvalidInput.exit_status)


def _values(report: Checked) -> dict[str, Any]:
    return {name: getattr(report, name) for name in columns_of(type(report))} | {"valid": report.valid}


def _rows(reports: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    """One row per problem, and one per file without any."""
    for report in reports:
        for problem in report.problems:
            yield vars(problem) | _values(report) | {"path": spell_path(problem.path)}
        if report.valid:
            yield _values(report)


COMMAND = Command("Cells and spaces", validate)
