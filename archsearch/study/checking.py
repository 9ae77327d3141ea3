"""What `validate` finds in a file or a text: every mistake, or what is proved of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from archsearch.errors import InvalidInput, Problem, counted, quoted
from archsearch.ir import lower
from archsearch.ir.cost import stages
from archsearch.ir.identity import arch_id
from archsearch.schema.document import Document, parse_document, read_document
from archsearch.schema.kinds import check_kind, kind_of
from archsearch.schema.validation import first_problems
from archsearch.schema.yaml_text import file_label
from archsearch.space.library import cell_of
from archsearch.space.proof import SAMPLES_BEYOND, prove, unknown_promises
from archsearch.space.size import LIMIT, count_configurations
from archsearch.space.space import SearchSpace, space_of
from archsearch.tasks import SPLITS

if TYPE_CHECKING:
    from archsearch.study.definition import Definition

STUDY, SPACE = "study", "space"
"""What problems call the two texts of a study with a space of its own."""


@dataclasses.dataclass(frozen=True)
class Checked:
    """What is known of one file; it is valid when there are no problems. `space` is the one in it, or its study's.

    Of many problems there are the first ones, as many as the loader reports, and one that says that there are more.
    """

    file: str
    kind: str = ""
    name: str = ""
    proved: str = ""
    problems: tuple[Problem, ...] = ()
    space: SearchSpace | None = None

    @property
    def valid(self) -> bool:
        """Whether there are no problems."""
        return not self.problems


def check_file(path: Path, tasks_from: Path | None) -> Checked:
    """Read and prove one file."""
    return _check(file_label(path), lambda: read_document(path), path.parent, tasks_from)


def check_text(text: str, tasks_from: Path | None = None) -> Checked:
    """Prove a text; paths in it start at the working directory."""
    return _check("<text>", lambda: parse_document(text), Path(), tasks_from)


def prove_text(text: str) -> str:
    """What is proved of a text, in words. Raises `InvalidInput` with what is wrong."""
    report = check_text(text)
    if report.problems:
        raise InvalidInput(report.problems)
    return report.proved


def check_study(study: str, space: str | None = None, tasks_from: Path | None = None) -> Checked:
    """Prove the text of a study that names the space in another text; the space is proved as well."""
    try:
        checked = _prove_definitions(STUDY, define_texts(study, space, tasks_from))
        if space is None:
            return checked
        own = _prove_space(parse_document(space, SPACE), Path())
        return dataclasses.replace(checked, proved=f"{checked.proved}; {own.name}: {own.proved}")
    except InvalidInput as error:
        return _refused(STUDY, STUDY, error)


def define_texts(study: str, space: str | None = None, tasks_from: Path | None = None) -> tuple[Definition, ...]:
    """The studies that a text stands for, which may name the space of another text.

    `InvalidInput` with the first problems of both, whose `file` says in which text they are: `STUDY` or `SPACE`.
    """
    from archsearch.study.definition import define_studies

    problems: list[Problem] = []
    spaces: dict[str, Document] = {}
    try:
        spaces = {} if space is None else _named(space)
    except InvalidInput as error:
        problems += error.problems
    definitions: tuple[Definition, ...] = ()
    try:
        definitions = define_studies(parse_document(study, STUDY), Path(), tasks_from, spaces)
    except InvalidInput as error:  # without the other text, its name means nothing
        problems += [problem for problem in error.problems if not (problems and problem.path == ("space",))]
    if problems:
        raise InvalidInput(first_problems(problems))
    return definitions


def _named(text: str) -> dict[str, Document]:
    """The space of a text by its name."""
    document = parse_document(text, SPACE)
    check_kind(document, (SPACE,))
    name = document.data.get(SPACE)
    if not isinstance(name, str):
        problem = Problem((SPACE,), f"{quoted(name)} is not a valid name", "allowed: text")
        raise InvalidInput(document.locate(problem))
    return {name: document}


def _check(file: str, read: Callable[[], Document], folder: Path, tasks_from: Path | None) -> Checked:
    kind = ""
    try:
        document = read()
        with document.locating():
            kind = kind_of(document.data)
            return _prove(kind, document, folder, tasks_from)
    except InvalidInput as error:
        return _refused(file, kind, error)


def _refused(file: str, kind: str, error: InvalidInput) -> Checked:
    return Checked(file, kind, problems=tuple(first_problems(error.problems)))


def _prove(kind: str, document: Document, folder: Path, tasks_from: Path | None) -> Checked:
    """The name in a file, and what is proved of it in words; `InvalidInput` for what is wrong."""
    if kind == SPACE:
        return _prove_space(document, folder)
    if kind == STUDY:
        from archsearch.study.definition import define_studies

        return _prove_definitions(document.file, define_studies(document, folder, tasks_from))
    return _prove_cell(kind, document)


def _prove_cell(kind: str, document: Document) -> Checked:
    cell = cell_of(document)
    ir = lower(cell)
    parts = [
        counted(len(cell.equations), "equation"),
        f"{counted(len(ir.affines), 'gate')} with parameters",
        counted(len(ir.states), "state"),
        counted(stages(ir), "stage"),
        f"arch {arch_id(ir)}",
    ]
    return Checked(document.file, kind, cell.cell, ", ".join(parts))


def _prove_space(document: Document, folder: Path) -> Checked:
    promised = document.data.get("contains")
    try:
        space = space_of(document, folder)
    except InvalidInput as error:
        raise InvalidInput([*error.problems, *unknown_promises(promised)]) from None
    with document.locating():
        promised = prove(space)
    count = count_configurations(space, LIMIT)
    if count is None:
        lowered = f"more than {LIMIT:,} configurations, each option and {SAMPLES_BEYOND:,} samples lowered"
    else:
        lowered = f"{counted(count, 'configuration')}, all lowered"
    proved = f"{lowered}; contains {', '.join(promised)}" if promised else lowered
    return Checked(document.file, SPACE, space.name, proved, space=space)


def _task_words(definition: Definition) -> str:
    rows = [definition.task.rows(split) for split in SPLITS]
    counts = f" ({rows[0]} + {rows[1]} + {rows[2]} rows)" if None not in rows else ""
    return f"task {definition.study.task.name}{counts}"


def _prove_definitions(file: str, definitions: tuple[Definition, ...]) -> Checked:
    definition, study = definitions[0], definitions[0].study
    entries = study.report.best + len(definition.baselines)
    parts = [
        f"space {definition.space.name}",
        *map(_task_words, definitions),
        counted(len(definition.baselines), "baseline"),
        f"search {study.search.trials} x {counted(study.search.seeds, 'seed')}",
        f"confirm {study.confirm.best} x {counted(study.confirm.seeds, 'seed')}",
        f"report {entries} x {counted(study.report.seeds, 'seed')}",
    ]
    names = ", ".join(definition.name for definition in definitions)
    return Checked(file, STUDY, names, ", ".join(parts), space=definition.space)
