"""What `validate` finds in a file or a text: every mistake, or what is proved of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from archsearch.errors import InvalidInput, Problem, counted
from archsearch.ir import lower
from archsearch.ir.cost import stages
from archsearch.ir.identity import arch_id
from archsearch.schema.document import Document, parse_document, read_document
from archsearch.schema.yaml_text import file_label
from archsearch.space.library import cell_of, kind_of
from archsearch.space.proof import SAMPLES_BEYOND, prove
from archsearch.space.size import LIMIT, count_fillings
from archsearch.space.space import space_of


@dataclasses.dataclass(frozen=True)
class Report:
    """What is known of one file; it is valid when there are no problems."""

    file: str
    kind: str = ""
    name: str = ""
    proved: str = ""
    problems: tuple[Problem, ...] = ()


def check_file(path: Path, tasks_from: Path | None) -> Report:
    """Read and prove one file."""
    return _check(Report(file_label(path)), lambda: read_document(path), path.parent, tasks_from)


def check_text(text: str) -> Report:
    """Prove a text; paths in it start at the working directory."""
    return _check(Report("<text>"), lambda: parse_document(text), Path(), None)


def _check(report: Report, read: Callable[[], Document], folder: Path, tasks_from: Path | None) -> Report:
    try:
        document = read()
        try:
            kind = kind_of(document.data)
            report = dataclasses.replace(report, kind=kind)
            name, proved = _prove(kind, document, folder, tasks_from)
        except InvalidInput as error:
            raise document.located(error) from None
    except InvalidInput as error:
        return dataclasses.replace(report, problems=error.problems)
    return dataclasses.replace(report, name=name, proved=proved)


def _prove(kind: str, document: Document, folder: Path, tasks_from: Path | None) -> tuple[str, str]:
    """The name in a file, and what is proved of it in words; `InvalidInput` for what is wrong."""
    if kind == "space":
        return _prove_space(document, folder)
    if kind == "study":
        return _prove_study(document, folder, tasks_from)
    return _prove_cell(document)


def _prove_cell(document: Document) -> tuple[str, str]:
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
    space = space_of(document, folder)
    found = prove(space)
    count = count_fillings(space, LIMIT)
    if count is None:
        lowered = f"more than {LIMIT:,} fillings, each option and {SAMPLES_BEYOND:,} samples lowered"
    else:
        lowered = f"{counted(count, 'filling')}, all lowered"
    return space.name, f"{lowered}; contains {', '.join(found)}" if found else lowered


def _prove_study(document: Document, folder: Path, tasks_from: Path | None) -> tuple[str, str]:
    from archsearch.study.definition import define_studies

    definitions = define_studies(document, folder, tasks_from)
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
