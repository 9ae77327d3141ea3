"""Finding a study in the database, and what its stored definition says."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput, Problem, one_of, printable, quoted
from archsearch.schema.phases import WITH_BASELINES, Phase
from archsearch.schema.series_names import SEPARATOR, is_series
from archsearch.schema.sizes import Sizes

if TYPE_CHECKING:
    from archsearch.store import StudyRow
    from archsearch.store.store import Store
    from archsearch.tasks import Task


@dataclasses.dataclass(frozen=True)
class StoredPlan:
    """What a stored study is to do, read without looking up any of the files that it was made of."""

    document: Mapping[str, Any]

    @property
    def trials(self) -> int:
        """Trials of the search."""
        return int(self.document["study"]["search"]["trials"])

    @property
    def task(self) -> dict[str, Any]:
        """The task: its name and all its options."""
        return dict(self.document["task"])

    @property
    def task_words(self) -> str:
        """The task in a line: `temporal_order, length 40, markers 2`."""
        hidden = ("name", "data", "file")
        options = [f"{name} {value}" for name, value in sorted(self.task.items()) if name not in hidden]
        return printable(", ".join([str(self.task["name"]), *options]), limit=300)

    def seeds(self, phase: Phase) -> int:
        """Seeds that each entry of a phase is to get."""
        return int(self.document["study"][phase]["seeds"])

    def runs(self, phase: Phase, draws: int = 0) -> int:
        """Evaluations that a phase takes when nothing repeats; the search tries `draws` baselines if it has begun."""
        entries = self.trials if phase == "search" else int(self.document["study"][phase]["best"])
        baselines = len(self.document["baselines"]) if phase in WITH_BASELINES else 0
        if phase == "search":
            baselines = max(baselines, draws)
        return (entries + baselines) * self.seeds(phase)


def plan_of(row: StudyRow) -> StoredPlan:
    """The plan in a stored study's definition."""
    return StoredPlan(json.loads(row.definition))


@dataclasses.dataclass(frozen=True)
class StoredStudies:
    """The stored studies that a reference means. `missing` are those of its file that have not begun.

    `several`: the reference stands for one study per task, however many of them have begun.
    """

    rows: tuple[StudyRow, ...]
    missing: tuple[str, ...] = ()
    several: bool = False


def find_study(store: Store, reference: str) -> StudyRow:
    """The stored study that a name or a study file means; `InvalidInput` when there is none."""
    return named_study(store, study_name(reference))


def named_study(store: Store, name: str) -> StudyRow:
    """The stored study called exactly `name`; `InvalidInput` when there is none."""
    row = store.find_study(name)
    if row is None:
        raise unknown_study(store, name)
    return row


def find_studies(store: Store, reference: str) -> StoredStudies:
    """The stored studies that a study's name, a series' name or a file means; `InvalidInput` when there is none."""
    names, several = _names(reference)
    rows = {name: store.find_study(name) for name in names}
    begun = tuple(row for row in rows.values() if row is not None)
    if begun:
        return StoredStudies(begun, tuple(name for name, row in rows.items() if row is None), several)
    parts = [row for row in store.list_studies() if row.name.startswith(f"{reference}{SEPARATOR}")]
    if not parts:
        raise unknown_study(store, names[0])
    return StoredStudies(tuple(sorted(parts, key=lambda row: row.id)), several=True)


def study_name(reference: str) -> str:
    """The name in a study file, or the reference itself where it is not a path."""
    names, _ = _names(reference)
    if len(names) > 1:
        what = f"{quoted(reference)} stands for {len(names)} studies"
        raise InvalidInput(Problem(("study",), what, f"name one of them: {', '.join(names)}"))
    return names[0]


def _names(reference: str) -> tuple[list[str], bool]:
    """The names of the studies that a reference means, and whether it is a file with several tasks."""
    if "/" not in reference and not reference.endswith((".yaml", ".yml")):
        return [reference], False
    from archsearch.schema.document import read_document
    from archsearch.schema.kinds import check_kind

    document = read_document(Path(reference))
    with document.locating():
        check_kind(document, ("study",))
        if not isinstance(document.data.get("study"), str):
            raise InvalidInput(Problem((), "this study has no name", "write study: NAME"))
        if not is_series(document.data):
            return [document.data["study"]], False
        from archsearch.schema.series import study_names

        return study_names(document.data), True


def unknown_study(store: Store, name: str) -> InvalidInput:
    """What is said where no study has this name."""
    known = one_of((study.name for study in store.list_studies()), name)
    return InvalidInput(Problem(("study",), f"no study {quoted(name)} in {store.url}", known))


def trivial_score(plan: StoredPlan, tasks_from: Path | None = None) -> float:
    """The blind guess's score on the study's task; `InvalidInput` for one of the user's own that is not at hand."""
    return _task(plan, tasks_from, "seeds have failed, and the task {}, whose baseline they count as, is").baseline


def trained_sizes(plan: StoredPlan, model: Mapping[str, Any], tasks_from: Path | None = None) -> Sizes:
    """The sizes of the first layer of a spec with this model; `InvalidInput` as `trivial_score`."""
    task = _task(plan, tasks_from, "costs depend on the input size of the task {}, which is")
    return Sizes(task.input_size, int(model["hidden_size"]))


def _task(plan: StoredPlan, tasks_from: Path | None, reason: str) -> Task:
    from archsearch.study.task_choice import make_task

    options = {**plan.document["study"]["task"], **plan.task}  # where data lie is said by the study alone
    name = str(options.pop("name"))
    options.pop("data", None)
    if options.pop("file", None) is not None and tasks_from is None:
        what = f"{reason.format(quoted(name))} a file of your own"
        raise InvalidInput(Problem(("--tasks-from",), what, "name its folder"))
    return make_task(name, options, tasks_from)
