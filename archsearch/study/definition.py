"""A study as its file says it, with everything that it names looked up and checked."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from archsearch import backends, registry
from archsearch.errors import InvalidInput, Problem, printable, quoted
from archsearch.models.size import sized
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document, read_document
from archsearch.schema.series import load_each, studies_of
from archsearch.schema.space import InlineSpace
from archsearch.schema.study import Study
from archsearch.schema.validation import validate
from archsearch.space import Candidates, Space, load_cell, load_space
from archsearch.space.library import open_document
from archsearch.space.space import space_of
from archsearch.space.wiring_space import WiringSpace
from archsearch.study import pruners, samplers
from archsearch.study.devices import check_devices
from archsearch.study.documents import plain, to_text
from archsearch.study.feasibility import infeasible
from archsearch.study.task_choice import make_task, task_key
from archsearch.tasks import Task

STUDIES = "studies"
_READOUT = "model.readout"
_Found = TypeVar("_Found")


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A cell that candidates are compared with; `label` is what the study file calls it."""

    label: str
    cell: Cell


@dataclasses.dataclass(frozen=True)
class Definition:
    """A checked study. `tasks_from` is the folder of the user's own tasks."""

    study: Study
    space: Space
    candidates: Candidates
    task: Task
    baselines: tuple[Baseline, ...]
    tasks_from: Path | None = None

    @property
    def name(self) -> str:
        """The study's name."""
        return self.study.study

    @functools.cached_property
    def task_key(self) -> dict[str, object]:
        """The task in an evaluation's key."""
        return task_key(self.study.task.name, self.task, self.tasks_from)

    @functools.cached_property
    def text(self) -> str:
        """JSON that needs no other file: the space and the baselines are written out.

        `study` is a study document, `space` the space's name, `task` all of the task's options, `baselines` the cells
        by label. `read_definition` is the inverse.
        """
        cells = {baseline.label: plain(baseline.cell) for baseline in self.baselines}
        study = {**plain(self.study, "space"), "space": self._space_document(), "baselines": list(cells)}
        return to_text({"study": study, "space": self.space.name, "task": self.task_key, "baselines": cells})

    def _space_document(self) -> dict[str, Any]:
        """The space as it could stand in a study file."""
        body = self.space.body
        # Not as `plain`: of an option, which may be anything, pydantic's JSON would say null for minus infinity.
        given = self.space.definition.model_dump(by_alias=True, include={"holes", "contains"})
        kind, base = ("wiring", body.base) if isinstance(body, WiringSpace) else ("cell", body.template)
        nameless = {key: value for key, value in base.items() if key != kind}
        return {kind: nameless, "holes": given["holes"], "contains": given["contains"]}


def load_study(source: str | Path, tasks_from: Path | None = None) -> Definition:
    """The study that `source` means: a shipped study's name, a path, or YAML text (it has a line break).

    Paths inside the file start at the file. Raises `InvalidInput` with the place of every problem that was found, and
    for a file that stands for several studies.
    """
    found = load_studies(source, tasks_from)
    if len(found) > 1:
        names = ", ".join(definition.name for definition in found)
        what = f"this file stands for {len(found)} studies: {names}"
        raise InvalidInput(Problem(("tasks",), what, "load_studies and run_studies take them all"))
    return found[0]


def load_studies(source: str | Path, tasks_from: Path | None = None) -> tuple[Definition, ...]:
    """The studies that `source` means, as `load_study`: one per task where its file has several."""
    document = read_document(source) if isinstance(source, Path) else open_document(source, (STUDIES,))
    definitions = define_studies(document, _folder(source), tasks_from)
    require_devices(document, definitions)
    return definitions


def require_devices(document: Document, definitions: Sequence[Definition]) -> None:
    """Raise `InvalidInput` with the devices that no evaluation of the document's studies could run on."""
    try:
        check_devices(definitions[0].study)  # those of one document differ in their tasks alone
    except InvalidInput as error:
        raise document.located(error) from None


def define_studies(
    document: Document, folder: Path, tasks_from: Path | None = None, spaces: Mapping[str, Document] | None = None
) -> tuple[Definition, ...]:
    """The studies of a document that has been read; relative paths in it start at `folder`.

    `spaces` are the user's own by name, which come before the shipped ones; each has to be named by the study. Problems
    of theirs are located in their documents.
    """
    try:
        return load_each(studies_of(document.data), lambda data: _load_one(data, folder, tasks_from, spaces or {}))
    except InvalidInput as error:
        raise document.located(error) from None


def _load_one(data: Any, folder: Path, tasks_from: Path | None, spaces: Mapping[str, Document]) -> Definition:
    study = validate(Study, data)
    cells = [functools.partial(load_cell, reference, folder) for reference in study.baselines]
    return _define(study, functools.partial(_find_space, study.space, folder, spaces), cells, tasks_from)


def _find_space(reference: str | InlineSpace, folder: Path, spaces: Mapping[str, Document]) -> Space:
    if isinstance(reference, str) and reference in spaces:
        return space_of(spaces[reference], folder)
    if spaces:
        names = ", ".join(map(printable, spaces))
        raise InvalidInput(Problem((), f"the space {names} is given as well, and not named here", f"allowed: {names}"))
    return load_space(reference, folder)


def read_definition(text: str, tasks_from: Path | None = None) -> Definition:
    """The study that the store keeps as `text`; needs none of the files that it was made of."""
    kept = json.loads(text)
    study = validate(Study, kept["study"])
    cells = [functools.partial(validate, Cell, kept["baselines"][label]) for label in study.baselines]
    assert not isinstance(study.space, str)
    return _define(study, functools.partial(Space, study.space, kept["space"]), cells, tasks_from)


def _folder(source: str | Path) -> Path:
    """Where relative paths inside the study start."""
    if isinstance(source, Path) or ("\n" not in source and ("/" in source or source.endswith((".yaml", ".yml")))):
        return Path(source).parent
    return Path() if "\n" in source else registry.shipped_folder(STUDIES)


def _define(
    study: Study, space: Callable[[], Space], cells: Sequence[Callable[[], Cell]], tasks_from: Path | None
) -> Definition:
    """Look everything up; `InvalidInput` with all that is wrong."""
    found = _Findings()
    task = found.attempt(lambda: make_task(study.task.name, study.task.options, tasks_from))
    made = found.attempt(space, "space")
    loaded = [found.attempt(cell, "baselines", index) for index, cell in enumerate(cells)]
    _check_names(study, found)
    if task is not None:
        found.problems += _readout_problems(study, task)
    baselines = tuple(Baseline(cell.cell, cell) for cell in loaded if cell is not None)
    found.problems += _label_problems(baselines)
    if task is None or made is None:
        found.settle()
    assert task is not None
    assert made is not None
    model = study.model.model_copy(update={"readout": task.readout})
    size = functools.partial(sized, input_size=task.input_size, output_size=task.output_size)
    candidates = found.attempt(lambda: Candidates(made, model, study.training, study.holes, size))
    found.settle()
    assert candidates is not None
    cells_found = [baseline.cell for baseline in baselines]
    found.attempt(lambda: found.problems.extend(infeasible(candidates, cells_found, task, study.limits)))
    found.settle()
    return Definition(study, made, candidates, task, baselines, tasks_from)


class _Findings:
    """Problems, collected until there is no point in going on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def attempt(self, make: Callable[[], _Found], *parents: str | int) -> _Found | None:
        """What `make` makes, or None and its problems, which stand below `parents` unless they are of another file."""
        try:
            return make()
        except InvalidInput as error:
            self.problems += [problem if problem.file else problem.under(*parents) for problem in error.problems]
            return None

    def settle(self) -> None:
        """Raise what was found."""
        if self.problems:
            raise InvalidInput(self.problems)


def _check_names(study: Study, found: _Findings) -> None:
    """Names that are files of a registry folder."""
    found.attempt(lambda: registry.check_name(samplers.PACKAGE, study.search.sampler), "search", "sampler")
    found.attempt(lambda: registry.check_name(pruners.PACKAGE, study.search.pruner), "search", "pruner")
    for index, name in enumerate(study.backend):
        found.attempt(functools.partial(registry.check_name, backends.PACKAGE, name), "backend", index)
    if study.report.best > study.confirm.best:
        what = f"{study.report.best} are to be reported, but only {study.confirm.best} confirmed"
        found.problems.append(Problem(("report", "best"), what, "allowed: at most confirm.best"))


def _readout_problems(study: Study, task: Task) -> Iterator[Problem]:
    name, wanted = quoted(study.task.name), study.model.readout
    if wanted is not None and wanted != task.readout:
        allowed = f"allowed: {task.readout}, or leave it out"
        yield Problem(("model", "readout"), f"the task {name} is not read at {quoted(wanted)}", allowed)
    if _READOUT in study.holes:
        yield Problem(("holes", _READOUT), f"the task {name} decides it", "remove this hole", at_key=True)


def _label_problems(baselines: Sequence[Baseline]) -> Iterator[Problem]:
    labels = [baseline.label for baseline in baselines]
    for index, label in enumerate(labels):
        if label in labels[:index]:
            yield Problem(("baselines", index), f"a second baseline is called {quoted(label)}", "name each cell once")
