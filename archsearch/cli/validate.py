"""`archsearch validate`: every mistake in files, and what is proved of those without any."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, Value, complain, emit, form, say
from archsearch.cli.text import counted
from archsearch.errors import InvalidInput, Problem, spell_path

if TYPE_CHECKING:
    from archsearch.schema.document import Document

COLUMNS = ("file", "kind", "name", "valid", "proved", "path", "line", "column", "what", "allowed")


@dataclasses.dataclass(frozen=True)
class Report:
    """What is known of one file; it is valid when there are no problems."""

    file: str
    kind: str = ""
    name: str = ""
    proved: str = ""
    problems: tuple[Problem, ...] = ()


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


def check_file(path: Path, tasks_from: Path | None) -> Report:
    """Read and prove one file."""
    from archsearch.schema.document import read_document
    from archsearch.schema.yaml_text import file_label
    from archsearch.space.library import kind_of

    report = Report(file_label(path))
    try:
        document = read_document(path)
        try:
            kind = kind_of(document.data)
            report = dataclasses.replace(report, kind=kind)
            name, proved = _prove(kind, document, path, tasks_from)
        except InvalidInput as error:
            raise document.located(error) from None
    except InvalidInput as error:
        return dataclasses.replace(report, problems=error.problems)
    return dataclasses.replace(report, name=name, proved=proved)


def _prove(kind: str, document: Document, path: Path, tasks_from: Path | None) -> tuple[str, str]:
    """The name in a file, and what is proved of it in words; `InvalidInput` for what is wrong."""
    if kind == "space":
        return _prove_space(document, path.parent)
    if kind == "study":
        return _prove_study(path, tasks_from)
    return _prove_cell(document)


def _prove_cell(document: Document) -> tuple[str, str]:
    from archsearch.ir import lower
    from archsearch.ir.cost import stages
    from archsearch.ir.identity import arch_id
    from archsearch.space.library import cell_of

    cell = cell_of(document)
    ir = lower(cell)
    parts = [
        counted(len(cell.equations), "equation"),
        f"{counted(len(ir.affines), 'gate')} with parameters",
        counted(len(ir.states), "state"),
        counted(stages(ir), "stage"),
        f"arch {arch_id(ir)}",
    ]
    return cell.cell, ", ".join(parts)


def _prove_space(document: Document, folder: Path) -> tuple[str, str]:
    from archsearch.space.proof import SAMPLES_BEYOND, prove
    from archsearch.space.size import LIMIT, count_fillings
    from archsearch.space.space import space_of

    space = space_of(document, folder)
    found = prove(space)
    count = count_fillings(space, LIMIT)
    if count is None:
        lowered = f"more than {LIMIT:,} fillings, each option and {SAMPLES_BEYOND:,} samples lowered"
    else:
        lowered = f"{counted(count, 'filling')}, all lowered"
    return space.name, f"{lowered}; contains {', '.join(found)}" if found else lowered


def _prove_study(path: Path, tasks_from: Path | None) -> tuple[str, str]:
    from archsearch.study.definition import load_studies

    definitions = load_studies(path, tasks_from)
    definition, study = definitions[0], definitions[0].study
    entries = study.report.best + len(definition.baselines)
    parts = [
        f"space {definition.space.name}",
        *(f"task {each.study.task.name}" for each in definitions),
        counted(len(definition.baselines), "baseline"),
        f"search {study.search.trials} x {counted(study.search.seeds, 'seed')}",
        f"confirm {study.confirm.best} x {counted(study.confirm.seeds, 'seed')}",
        f"report {entries} x {counted(study.report.seeds, 'seed')}",
    ]
    return ", ".join(each.name for each in definitions), ", ".join(parts)


def _document(report: Report) -> dict[str, Any]:
    found = {"file": report.file, "kind": report.kind, "name": report.name, "proved": report.proved}
    return found | {"valid": not report.problems, "problems": [_problem(problem) for problem in report.problems]}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": list(problem.path),
        "line": problem.line or None,
        "column": problem.column or None,
        "what": problem.what,
        "allowed": problem.allowed,
    }


def _rows(reports: Iterable[Report]) -> Iterator[dict[str, Value]]:
    """One row per problem, and one per file without any."""
    for report in reports:
        common: dict[str, Value] = {"file": report.file, "kind": report.kind, "name": report.name}
        common |= {"valid": not report.problems, "proved": report.proved}
        for problem in report.problems:
            yield common | _problem(problem) | {"path": spell_path(problem.path)}
        if not report.problems:
            yield common
