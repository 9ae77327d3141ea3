"""A study as its file says it, with everything that it names looked up and checked."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archsearch import backends, registry
from archsearch.errors import InvalidInput, Problem, Refused, printable, quoted
from archsearch.models.size import sized
from archsearch.schema.canonical import ordered_json, plain
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document, read_document
from archsearch.schema.kinds import check_kind
from archsearch.schema.series import load_each
from archsearch.schema.space import InlineSpace
from archsearch.schema.study import Study
from archsearch.schema.validation import Collector, Parts, validate
from archsearch.space import Candidates, SearchSpace, load_cell, load_space
from archsearch.space.candidate import READOUT, hole_problems
from archsearch.space.library import STUDIES, home_of, open_document
from archsearch.space.space import build_space, space_of
from archsearch.space.wiring_space import WiringSpace
from archsearch.study import pruners, samplers
from archsearch.study.devices import check_devices
from archsearch.study.feasibility import infeasible, short_budget
from archsearch.study.task_choice import WHOLE_SPLITS, located, make_task, task_key, with_whole_splits
from archsearch.tasks import Task

_TRAINED = ("model", "training", "holes", "limits", "space", "task")
"""Parts that decide what an evaluation takes."""


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A cell that candidates are compared with; `label` is what the study file calls it."""

    label: str
    cell: Cell


@dataclasses.dataclass(frozen=True)
class Definition:
    """A checked study. `tasks_from` is the folder of the user's own tasks."""

    study: Study
    space: SearchSpace
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
        return ordered_json({"study": study, "space": self.space.name, "task": self.task_key, "baselines": cells})

    def _space_document(self) -> dict[str, Any]:
        """The space as it could stand in a study file."""
        body = self.space.body
        # Not as `plain`: of an option, which may be anything, pydantic's JSON would say null for minus infinity.
        given = self.space.definition.model_dump(by_alias=True, include={"holes", "contains"})
        kind, base = ("wiring", body.base) if isinstance(body, WiringSpace) else ("cell", body.template)
        nameless = {key: value for key, value in base.items() if key != kind}
        return {kind: nameless, "holes": given["holes"], "contains": given["contains"]}


def load_study(source: str | Path | Study, tasks_from: Path | None = None) -> Definition:
    """The study that `source` means: a shipped study's name, a path, YAML text (it has a line break), or a model.

    Paths inside the file start at the file. Raises `InvalidInput` with the place of every problem that was found, and
    for a file that stands for several studies.
    """
    definitions = load_studies(source, tasks_from)
    if len(definitions) > 1:
        names = ", ".join(definition.name for definition in definitions)
        what = f"this file stands for {len(definitions)} studies: {names}"
        raise InvalidInput(Problem(("tasks",), what, "load_studies and run_studies take them all"))
    return definitions[0]


def load_studies(source: str | Path | Study, tasks_from: Path | None = None) -> tuple[Definition, ...]:
    """The studies that `source` means, as `load_study`: one per task where its file has several."""
    if isinstance(source, Path):
        return define_studies(read_document(source), source.parent, tasks_from)
    return define_studies(open_document(source, (STUDIES,)), home_of(source, STUDIES), tasks_from)


def define_studies(
    document: Document, folder: Path, tasks_from: Path | None = None, spaces: Mapping[str, Document] | None = None
) -> tuple[Definition, ...]:
    """The studies of a document that has been read; relative paths in it start at `folder`.

    `spaces` are the user's own by name, which come before the shipped ones; each has to be named by the study. Problems
    of theirs are located in their documents.
    """
    with document.locating():
        check_kind(document, ("study",))
        return load_each(document.data, lambda parts: _load_one(parts, folder, tasks_from, spaces or {}))


def _load_one(parts: Parts[Study], folder: Path, tasks_from: Path | None, spaces: Mapping[str, Document]) -> Definition:
    study = parts.value
    cells = [functools.partial(load_cell, reference, folder) for reference in study.baselines]
    parts = dataclasses.replace(parts, problems=(*parts.problems, *_training_problems(parts)))
    return _define(parts, functools.partial(_find_space, parts, folder, spaces), cells, tasks_from, folder)


def _training_problems(parts: Parts[Study]) -> Sequence[Problem]:
    """What nothing could be trained with, here or anywhere; a stored study is not asked for it."""
    study, collector = parts.value, Collector(parts)
    if parts.sound("training") and parts.sound("holes"):
        collector.add(short_budget(study.training, study.holes))
    if set(study.backend) <= set(registry.names(backends.PACKAGE)):
        collector.attempt(lambda: check_devices(study))
    return collector.problems


def _find_space(parts: Parts[Study], folder: Path, spaces: Mapping[str, Document]) -> SearchSpace:
    reference = parts.value.space
    if isinstance(reference, str) and reference in spaces:
        return space_of(spaces[reference], folder)
    if spaces:
        names = ", ".join(map(printable, spaces))
        raise InvalidInput(Problem((), f"the space {names} is given as well, and not named here", f"allowed: {names}"))
    if isinstance(reference, InlineSpace):
        return build_space(parts.at(reference, "space"), reference.space, folder)
    return load_space(reference, folder)


def read_definition(text: str, tasks_from: Path | None = None) -> Definition:
    """The study that the store keeps as `text`; needs none of the files that it was made of."""
    kept = json.loads(text)
    try:
        study = validate(Study, kept["study"])
    except InvalidInput as error:
        reason = f"the stored definition is damaged, or another archsearch wrote it: {error.problems[0]}"
        raise Refused(f"{reason}. `archsearch doctor` tells which") from None
    cells = [functools.partial(validate, Cell, kept["baselines"][label]) for label in study.baselines]
    assert not isinstance(study.space, str)
    space = functools.partial(build_space, Parts(study.space), kept["space"])
    return _define(Parts(study), space, cells, tasks_from, Path())


def _define(
    parts: Parts[Study],
    read_space: Callable[[], SearchSpace],
    cells: Sequence[Callable[[], Cell]],
    tasks_from: Path | None,
    folder: Path,
) -> Definition:
    """Look everything up that is given; `InvalidInput` with all that is wrong."""
    study, collector = parts.value, Collector(parts)
    choice = collector.attempt(lambda: located(study.task, folder, tasks_from), needs=("task", "name"))
    task = None if choice is None else collector.attempt(lambda: make_task(choice.name, choice.options, tasks_from))
    space = collector.attempt(read_space, "space", needs=("space",))
    loaded = {index: collector.attempt(cell, "baselines", index) for index, cell in enumerate(cells)}
    baselines = {index: Baseline(cell.cell, cell) for index, cell in loaded.items() if cell is not None}
    collector.add(_label_problems(baselines))
    _check_names(collector)
    if task is not None:
        assert choice is not None
        collector.add([*_readout_problems(study, task), *_split_problems(study, task)])
        training = collector.attempt(lambda: with_whole_splits(study.training, task)) or study.training
        study = study.model_copy(update={"task": choice, "training": training})
    mistaken = [
        problem for problem in hole_problems(study.model, study.training, study.holes) if _decided(problem, parts)
    ]
    collector.add(mistaken)
    if task is None or space is None or mistaken or not all(map(parts.sound, _TRAINED)):
        collector.settle()
    assert task is not None
    assert space is not None
    model = study.model.model_copy(update={"readout": task.readout})
    size = functools.partial(sized, input_size=task.input_size, output_size=task.output_size)
    candidates = Candidates(space, model, study.training, study.holes, size)
    cells_found = {index: baseline.cell for index, baseline in baselines.items() if parts.sound("baselines", index)}
    collector.attempt(lambda: collector.add(infeasible(candidates, cells_found, task, study.limits)))
    collector.settle()
    return Definition(study, space, candidates, task, tuple(baselines.values()), tasks_from)


def _decided(problem: Problem, parts: Parts[Study]) -> bool:
    """Whether a problem of a hole does not come of a stand-in for the field that it fills."""
    return parts.sound(*str(problem.path[1]).split("."))


def _check_names(collector: Collector[Study]) -> None:
    """Names that are files of a registry folder."""
    study = collector.parts.value
    collector.attempt(lambda: registry.check_name(samplers.PACKAGE, study.search.sampler), "search", "sampler")
    collector.attempt(lambda: registry.check_name(pruners.PACKAGE, study.search.pruner), "search", "pruner")
    for index, name in enumerate(study.backend):
        collector.attempt(functools.partial(registry.check_name, backends.PACKAGE, name), "backend", index)
    if study.report.best > study.confirm.best and collector.parts.sound("confirm", "best"):
        what = f"{study.report.best} are to be reported, but only {study.confirm.best} confirmed"
        collector.add([Problem(("report", "best"), what, "allowed: at most confirm.best")])


def _readout_problems(study: Study, task: Task) -> Iterator[Problem]:
    name, readout = quoted(study.task.name), study.model.readout
    if readout is not None and readout != task.readout:
        allowed = f"allowed: {task.readout}; or leave it out"
        yield Problem(("model", "readout"), f"the task {name} is not read at {quoted(readout)}", allowed)
    if READOUT in study.holes:
        yield Problem(("holes", READOUT), f"the task {name} decides it", "remove this hole", at_key=True)


def _split_problems(study: Study, task: Task) -> Iterator[Problem]:
    for split in WHOLE_SPLITS:
        hole = f"training.{split}"
        if hole in study.holes and task.rows(split) is not None:
            what = f"the task {quoted(study.task.name)} decides it: each row of its {split} split is taken once"
            yield Problem(("holes", hole), what, "remove this hole", at_key=True)


def _label_problems(baselines: Mapping[int, Baseline]) -> Iterator[Problem]:
    labels: set[str] = set()
    for index, baseline in baselines.items():
        if baseline.label in labels:
            what = f"a second baseline is called {quoted(baseline.label)}"
            yield Problem(("baselines", index), what, "name each cell once")
        labels.add(baseline.label)
